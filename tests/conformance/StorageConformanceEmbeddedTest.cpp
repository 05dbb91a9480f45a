#include "tests/conformance/EmbeddedFixture.h"
#include "tests/conformance/StorageConformance.h"

#include <QTest>

int main(int argc, char** argv)
{
    kith::test::EmbeddedFixture fixture;
    kith::test::StorageConformance suite(fixture);
    return QTest::qExec(&suite, argc, argv);
}
