#include "app/cli/Passphrase.h"

#include "core/base/KeyVault.h"

#include <fstream>
#include <iostream>

namespace kith::cli
{
namespace
{

constexpr std::size_t longest = 4096;

std::string firstLine(std::istream& in)
{
    std::string line;
    for (char c = 0; line.size() < longest && in.get(c) && c != '\n';)
        line.push_back(c);
    if (!line.empty() && line.back() == '\r')
        line.pop_back();
    return line;
}

} // namespace

Result<std::string> readPassphrase(const std::string& file)
{
    std::string line;
    if (file == "-") {
        line = firstLine(std::cin);
    } else {
        std::ifstream in(file, std::ios::binary);
        if (!in)
            return Error::make(KeyVaultError::NotFound, "the passphrase file " + file + " cannot be read");
        line = firstLine(in);
    }
    if (line.empty())
        return Error::make(KeyVaultError::WrongSecret, "the passphrase is empty");
    return line;
}

} // namespace kith::cli
