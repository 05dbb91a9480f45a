#include "server/Commands.h"

int main(int argc, char** argv)
{
    return kith::server::runCommandLine(argc, argv);
}
