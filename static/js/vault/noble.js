// @ts-check
/** X-Wing in plain JavaScript, fetched only where WebCrypto has no ML-KEM. */
export { KEM_MLKEM768_X25519 } from "@panva/hpke-noble";
