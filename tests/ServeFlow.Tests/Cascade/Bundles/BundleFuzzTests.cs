using CsCheck;
using ServeFlow.Cascade.Bundles;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

/// <summary>
/// Whatever bytes stand in a manifest, reading it gives a manifest or an <see cref="InputException"/>.
/// </summary>
public sealed class BundleFuzzTests
{
    static void Target(ReadOnlySpan<byte> json)
    {
        try
        {
            ManifestCheck.Run(BundleJson.Read(json, "cascade.json"), "cascade.json");
        }
        catch (InputException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Fact]
    public void Read_MutatedManifest_NeverFailsOtherwise()
    {
        using var bundle = new SmallBundle();
        bundle.Write();
        var seed = File.ReadAllBytes(bundle.Manifest);
        string[] tokens = ["null", "{}", "[]", "-1", "1e999", "\"\"", "[null]", "{\"schema\":1}"];

        Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Int[0, 40],
            Gen.OneOf([.. tokens.Select(token => Gen.Const(token))])).Sample((at, cut, token) =>
        {
            var tail = Math.Min(at + cut, seed.Length);
            Target([.. seed[..at], .. System.Text.Encoding.ASCII.GetBytes(token), .. seed[tail..]]);
        }, iter: 500);
        Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var mutated = seed.ToArray();
            mutated[at] = value;
            Target(mutated);
        }, iter: 500);
    }
}
