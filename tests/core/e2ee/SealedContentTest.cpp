#include "core/e2ee/SealedContent.h"

#include "core/crypto/Hash.h"
#include "core/e2ee/OctetCodec.h"
#include "core/e2ee/Padding.h"
#include "tests/support/base/SeededRandom.h"

#include <QTest>

using namespace kith;
using namespace kith::test;

class SealedContentTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void paddingFollowsPadme()
    {
        // The paper's rule by hand: 9 -> E = 3, S = 2, one bit to clear.
        QCOMPARE(paddedSize(0), std::size_t{256});
        QCOMPARE(paddedSize(256), std::size_t{256});
        QCOMPARE(paddedSize(257), std::size_t{272});
        QCOMPARE(paddedSize(1000), std::size_t{1024});
        QCOMPARE(paddedSize(65536), std::size_t{65536});
        for (std::size_t size = 256; size < 70'000; ++size) {
            const std::size_t padded = paddedSize(size);
            QVERIFY(padded >= size && padded - size <= size * 12 / 100);
            QCOMPARE(paddedSize(padded), padded);
            QVERIFY(paddedSize(size + 1) >= padded);
        }
    }

    void chainsAreCompared()
    {
        const Generation g1(std::uint64_t{1});
        const Generation g2(std::uint64_t{2});
        const Seq five(std::uint64_t{5});
        const ChainClaim claim{g1, Seq(std::uint64_t{4}), sha256("4")};
        QCOMPARE(compareChain(claim, g1, five, sha256("4")), ChainVerdict::Equal);
        QCOMPARE(compareChain(claim, g1, five, sha256("forked")), ChainVerdict::Different);
        QCOMPARE(compareChain(claim, g1, five, std::nullopt), ChainVerdict::Unknown);
        // An entry that has seen itself, or the future, was not made in this log.
        const ChainClaim self{g1, five, sha256("5")};
        QCOMPARE(compareChain(self, g1, five, std::nullopt), ChainVerdict::Different);
        QCOMPARE(compareChain(self, g1, five, sha256("5")), ChainVerdict::Different);
        QCOMPARE(compareChain(self, g2, five, sha256("5")), ChainVerdict::Equal); // before the cut
    }

    void contentComesBackExactly()
    {
        SeededRandom random(8);
        const RowBinding row{
            random.id<LogId>(), random.id<ClientMsgId>(), {random.id<UserId>(), random.id<DeviceId>()}, 1};
        const ChainClaim claim{Generation(std::uint64_t{3}), Seq(std::uint64_t{9}), sha256("c")};
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, maxContentSize}) {
            const Bytes content = random.bytes(size);
            const auto sealed = sealBody(row, claim, content, random);
            QVERIFY(sealed && sealed->body.size() <= maxBodySize);
            const OpenedBody opened = openBody(row, sealed->body, sealed->secret.commitment.view(), sealed->secret);
            QVERIFY(!opened.fault);
            QCOMPARE(opened.content.exposeSecret(), ByteView(content));
            QCOMPARE(opened.claim, claim);
            // What a report shows: P and kf give the commitment.
            const SecretBytes payload = encodePayload(row, claim, content);
            QCOMPARE(commitmentOf(opened.frankingKey, payload.exposeSecret()), sealed->secret.commitment);
        }
        QCOMPARE(encodePayload(row, claim, {}).size(), contentHeaderSize);
    }

    void sealedTwiceLooksDifferent()
    {
        SeededRandom random(8);
        const RowBinding row;
        const auto one = sealBody(row, {}, "same", random);
        const auto two = sealBody(row, {}, "same", random);
        QVERIFY(one->body != two->body && one->secret.commitment != two->secret.commitment);
    }

    void codecIsStrict()
    {
        OctetReader flags(ByteView("\x02", 1));
        QVERIFY(!flags.flag() && !flags.ok());
        OctetReader counts(ByteView("\xff\xff", 2));
        QCOMPARE(counts.count16(65535, 10), std::size_t{0}); // more than the rest can hold: nothing is reserved
        QVERIFY(!counts.ok());
        OctetReader blocks(ByteView("\x00\x05hello", 7));
        QVERIFY(blocks.block16(4).empty() && !blocks.ok());
        OctetReader ends(ByteView("\x01\x02", 2));
        QCOMPARE(ends.u8(), std::uint8_t{1});
        QVERIFY(ends.ok() && !ends.finished());
        QCOMPARE(ends.u32(), std::uint32_t{0});
        QVERIFY(!ends.ok());
        QCOMPARE(ends.u8(), std::uint8_t{0}); // stays failed
    }
};

QTEST_APPLESS_MAIN(SealedContentTest)
#include "SealedContentTest.moc"
