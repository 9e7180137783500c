using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Contracts.Tests;

public class BatchStatementTests
{
    // The reference tests of Certificate Transparency (google/certificate-transparency, merkletree): inputs and roots of sizes 0 to 8.
    private static readonly string[] Inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    ];

    private const string None = "0000000000000000000000000000000000000000000000000000000000000000";

    [TestCase(0), TestCase(1), TestCase(2), TestCase(3), TestCase(4), TestCase(5), TestCase(6), TestCase(7), TestCase(8)]
    public void Roots_are_those_of_the_reference(int size) =>
        Assert.That(Convert.ToHexStringLower(MerkleTree.Root(Leaves(size))), Is.EqualTo(Roots[size]));

    [Test]
    public void Each_leaf_is_proven_by_its_path_and_by_no_other_place_size_or_bytes()
    {
        for (var size = 1; size <= 8; size++)
            for (var leaf = 0; leaf < size; leaf++)
            {
                var (leaves, root) = (Leaves(size), Convert.FromHexString(Roots[size]));
                var path = MerkleTree.Path(leaf, leaves);
                Assert.That(MerkleTree.Proves(leaves[leaf].Span, leaf, size, path, root), Is.True, $"leaf {leaf} of {size}");
                Assert.That(MerkleTree.Proves([.. leaves[leaf].Span, 1], leaf, size, path, root), Is.False, "other bytes");
                Assert.That(MerkleTree.Proves(leaves[leaf].Span, leaf, size, path, SHA256.HashData(root)), Is.False, "another root");
                Assert.That(MerkleTree.Proves(leaves[leaf].Span, leaf, size, [.. path, root], root), Is.False, "a longer path");
                Assert.That(MerkleTree.Proves(leaves[leaf].Span, size, size, path, root), Is.False, "no such leaf");
                foreach (var other in Enumerable.Range(0, size).Where(other => other != leaf))
                    Assert.That(MerkleTree.Proves(leaves[leaf].Span, other, size, path, root), Is.False, $"leaf {leaf} as {other} of {size}");
            }
    }

    [Test]
    public void Events_are_the_bytes_they_are_written_with()
    {
        var body = Encoding.UTF8.GetBytes("""[{"a":1} , "two",{ "b" : [1,2] }]""");
        Assert.That(BatchStatement.Events(body).Select(leaf => Encoding.UTF8.GetString(leaf.Span)), Is.EqualTo(new[] { """{"a":1}""", "\"two\"", """{ "b" : [1,2] }""" }));
    }

    [TestCase("{}"), TestCase(""), TestCase("[1"), TestCase("[1] 2"), TestCase("[1,]")]
    public void What_is_no_array_has_no_events(string body) =>
        Assert.That(() => BatchStatement.Events(Encoding.UTF8.GetBytes(body)), Throws.InstanceOf<JsonException>());

    [Test]
    public void What_is_signed_is_pinned() =>
        Assert.That(
            Encoding.ASCII.GetString(BatchStatement.Of("acme-hq", 7, None, "[1]"u8.ToArray()).Bytes),
            Is.EqualTo($"fleet-edge-batch-v1\nacme-hq\n7\n{None}\n{Convert.ToHexStringLower(SHA256.HashData([0, (byte)'1']))}\n"));

    [Test]
    public void A_signature_holds_the_agent_the_number_the_batch_before_and_every_byte_of_every_event()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var body = """[{"value":100},{"value":200}]"""u8.ToArray();
        var signed = BatchStatement.Of("acme-hq", 7, None, body);
        var signature = key.SignData(signed.Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        Assert.That(signed.IsSignedBy(key, signature), Is.True);

        BatchStatement[] forged = [signed with { Agent = "acme-branch" }, signed with { Sequence = 8 }, signed with { Previous = Roots[1] }];
        Assert.That(forged.Any(statement => statement.IsSignedBy(key, signature)), Is.False);
        foreach (var at in Enumerable.Range(1, body.Length - 2).Where(at => body[at] is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z'))
        {
            var flipped = body.ToArray();
            flipped[at] ^= 1;
            Assert.That(Holds(flipped), Is.False, $"byte {at}");
        }
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(signed.IsSignedBy(other, signature), Is.False, "another key");

        bool Holds(byte[] bytes)
        {
            try
            {
                return BatchStatement.Of("acme-hq", 7, None, bytes).IsSignedBy(key, signature);
            }
            catch (JsonException)
            {
                return false; // the flip made it no JSON at all
            }
        }
    }

    private static ReadOnlyMemory<byte>[] Leaves(int count) => [.. Inputs.Take(count).Select(input => (ReadOnlyMemory<byte>)Convert.FromHexString(input))];
}
