// @ts-check
/** Reads a QR code with the camera: by the browser itself, else by a worker of our own. */

const EVERY_MS = 250;

/** @typedef {{detect: (source: HTMLVideoElement) => Promise<string | null>, end: () => void}} Reader */

/**
 * Shows the camera in `video` until a code is read or `signal` aborts.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} signal
 * @returns {Promise<string | null>}
 */
export async function scan(video, signal) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment" },
  });
  const reader = await openReader();
  try {
    video.srcObject = stream;
    await video.play();
    while (!signal.aborted) {
      const found = await reader.detect(video).catch(() => null);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    return null;
  } finally {
    reader.end();
    video.srcObject = null;
    for (const track of stream.getTracks()) track.stop();
  }
}

/** @returns {Promise<Reader>} */
async function openReader() {
  const Native = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = Native ? await Native.getSupportedFormats() : [];
  if (formats.includes("qr_code")) {
    const detector = new Native({ formats: ["qr_code"] });
    return {
      detect: async (video) => (await detector.detect(video))[0]?.rawValue ?? null,
      end: () => {},
    };
  }
  const { openFallback } = await import("./qr.js");
  return openFallback();
}
