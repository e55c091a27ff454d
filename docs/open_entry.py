"""Opens one entry with nothing but `cryptography`: python open_entry.py EVENT_FILE PRIVATE_KEY_HEX

The key is the record's private key, 32 bytes: a P-256 scalar (suite 1), an X-Wing seed (suite 2)
or the data key (suite 0). docs/protocol.md says what the bytes are. The signature is not checked.
"""

import hashlib
import sys
import zlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite


def open_entry(event: bytes, private: bytes) -> bytes:
    """The JSON inside the bytes of one event."""
    header, sealed, suite = event[:110], event[110:-64], event[2]
    info = b"sharelog/1/seal" + header[0:1] + header[2:3] + header[4:52] + header[98:106]
    if suite == 0:
        plain = AESGCM(private).decrypt(sealed[:12], sealed[12:], header[:106])
    elif suite == 1:
        key = ec.derive_private_key(int.from_bytes(private, "big"), ec.SECP256R1())
        plain = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM).decrypt(sealed, key, info)
    else:
        seed = hashlib.shake_256(private).digest(96)
        post_quantum = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed[:64])
        classic = x25519.X25519PrivateKey.from_private_bytes(seed[64:])
        kem = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        plain = kem.decrypt(sealed, MLKEM768X25519PrivateKey(post_quantum, classic), info)
    return zlib.decompress(plain[4 : 4 + int.from_bytes(plain[:4], "big")], -15)


if __name__ == "__main__":
    text = open_entry(Path(sys.argv[1]).read_bytes(), bytes.fromhex(sys.argv[2]))
    sys.stdout.buffer.write(text)
