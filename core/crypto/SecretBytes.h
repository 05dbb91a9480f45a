#pragma once
/// Secrets of a length known only at run time. Move-only; wiped when destroyed, moved from or shortened; no operator<<
/// and no conversion to Bytes. Fixed-size keys are FixedSecret. Thread: a plain value, owned by whoever holds it.

#include "core/base/Bytes.h"

#include <cstddef>

namespace kith
{

class SecretBytes
{
public:
    SecretBytes() = default;
    /// `size` zero octets on the heap, wiped before they are freed.
    explicit SecretBytes(std::size_t size);
    /// A copy of `bytes`; the caller wipes the original where it can.
    static SecretBytes copyOf(ByteView bytes);
    /// The content of `bytes`, which is wiped.
    static SecretBytes takeFrom(Bytes&& bytes);
    /// `size` zero octets in locked pages between guard pages (sodium_malloc). Costs several pages: for the few keys
    /// that live as long as the program. Falls back to the heap where the system refuses.
    static SecretBytes locked(std::size_t size);

    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] SecretBytes clone() const { return copyOf(exposeSecret()); }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] char* data() { return data_; }
    /// The secret itself, valid while this object is neither moved from nor destroyed.
    [[nodiscard]] ByteView exposeSecret() const { return {data_, size_}; }
    /// An ordinary string that nobody wipes: only for handing over to code that cannot take a SecretBytes.
    [[nodiscard]] Bytes copyToUnprotectedBytes() const { return Bytes(exposeSecret()); }
    /// Keeps the first `size` octets (at most size()) and wipes the rest.
    void shorten(std::size_t size);

    /// Constant time for equal lengths.
    friend bool operator==(const SecretBytes& a, const SecretBytes& b);

private:
    void release();

    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    bool locked_ = false;
};

} // namespace kith
