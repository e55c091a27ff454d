// @ts-check
/** The QR reader for browsers without one. Its worker is a file of ours, so that no rule about
 * scripts has to be loosened for it. */
import QrScanner from "qr-scanner";

/** @returns {import("./scan.js").Reader} */
export function openFallback() {
  const address = document.querySelector('meta[name="qr-worker"]')?.getAttribute("content") ?? "";
  const worker = new Worker(address);
  return {
    detect: async (video) =>
      (await QrScanner.scanImage(video, { qrEngine: worker, returnDetailedScanResult: true })).data,
    end: () => worker.terminate(),
  };
}
