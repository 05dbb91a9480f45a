#include "core/crypto/SecretBytes.h"

#include "core/crypto/ConstantTime.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace kith
{

SecretBytes::SecretBytes(std::size_t size) : data_(size != 0 ? new char[size]() : nullptr), size_(size), capacity_(size)
{
}

SecretBytes SecretBytes::copyOf(ByteView bytes)
{
    SecretBytes secret(bytes.size());
    std::copy(bytes.begin(), bytes.end(), secret.data_);
    return secret;
}

SecretBytes SecretBytes::takeFrom(Bytes&& bytes)
{
    SecretBytes secret = copyOf(bytes);
    wipe(bytes);
    return secret;
}

SecretBytes SecretBytes::locked(std::size_t size)
{
    SecretBytes secret;
    // sodium_malloc needs the page size that sodium_init finds out; calling it again costs nothing.
    if (size != 0 && sodium_init() >= 0)
        secret.data_ = static_cast<char*>(sodium_malloc(size));
    if (secret.data_ == nullptr)
        return SecretBytes(size);
    std::fill_n(secret.data_, size, '\0');
    secret.size_ = size;
    secret.capacity_ = size;
    secret.locked_ = true;
    return secret;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)), locked_(std::exchange(other.locked_, false))
{
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept
{
    if (this != &other) {
        release();
        data_ = std::exchange(other.data_, nullptr);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        locked_ = std::exchange(other.locked_, false);
    }
    return *this;
}

SecretBytes::~SecretBytes()
{
    release();
}

void SecretBytes::shorten(std::size_t size)
{
    if (size < size_) {
        wipe(data_ + size, size_ - size);
        size_ = size;
    }
}

void SecretBytes::release()
{
    if (data_ == nullptr)
        return;
    if (locked_) {
        sodium_free(data_); // wipes and unlocks
    } else {
        wipe(data_, capacity_);
        delete[] data_;
    }
    data_ = nullptr;
}

bool operator==(const SecretBytes& a, const SecretBytes& b)
{
    return constantTimeEqual(a.exposeSecret(), b.exposeSecret());
}

} // namespace kith
