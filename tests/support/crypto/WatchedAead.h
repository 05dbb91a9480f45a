#pragma once
/// ChaCha20-Poly1305 under watch: a test program that links tests_support_watched_aead seals with OpenSSL instead of
/// core/crypto's ChaCha20Poly1305.cpp (same symbols, so the linker leaves ours out), and every pair of key and nonce is
/// noted. An independent implementation and the rule "no pair twice" in one. Thread: one.

#include <cstddef>

namespace kith::test
{

/// Texts sealed so far, and how many of them under a pair of key and nonce that was used before (must stay 0).
[[nodiscard]] std::size_t sealedTexts();
[[nodiscard]] std::size_t reusedNonces();

} // namespace kith::test
