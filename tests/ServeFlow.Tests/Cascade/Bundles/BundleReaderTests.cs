using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

/// <summary>Each kind of damage is refused in one line that names the file or field at fault.</summary>
public sealed class BundleReaderTests : IDisposable
{
    static readonly byte[] Slow = SmallBundle.Models["slow.txt"];

    readonly SmallBundle bundle = new();

    public BundleReaderTests() => bundle.Write();

    public void Dispose() => bundle.Dispose();

    void AssertRefused(params string[] parts)
    {
        var e = Assert.Throws<InputException>(() => BundleReader.Read(BundleFolder.Resolve(bundle.Path)));
        Assert.DoesNotContain('\n', e.Message);
        Assert.All(parts, part => Assert.Contains(part, e.Message));
    }

    string File1(string name) => Path.Combine(bundle.Version1, name);

    [Fact]
    public void Read_FileMissing_NamesIt()
    {
        File.Delete(File1("slow.txt"));
        AssertRefused(File1("slow.txt"), "missing");
    }

    [Fact]
    public void Read_FileOfOtherLength_NamesIt()
    {
        File.AppendAllText(File1("slow.txt"), "x");
        AssertRefused(File1("slow.txt"), $"{Slow.Length + 1} bytes, {Slow.Length} expected");
    }

    [Fact]
    public void Read_OneByteChanged_NamesIt()
    {
        File.WriteAllBytes(File1("slow.txt"), [(byte)(Slow[0] ^ 1), .. Slow[1..]]);
        AssertRefused(File1("slow.txt"), "changed", "SHA-256");
    }

    [Fact]
    public void Read_ForeignFile_NamesIt()
    {
        File.WriteAllText(File1("notes.txt"), "");
        AssertRefused(File1("notes.txt"), "foreign file");
    }

    [Fact]
    public void Read_ForeignFolder_NamesIt()
    {
        Directory.CreateDirectory(File1("old"));
        AssertRefused(File1("old"), "foreign file");
    }

    [Theory]
    [InlineData("slow.txt")]
    [InlineData("cascade.json")]
    public void Read_FileReplacedByALinkToItsCopy_IsRefused(string name)
    {
        var copy = Path.Combine(bundle.Path, "..", name);
        File.Move(File1(name), copy);
        File.CreateSymbolicLink(File1(name), copy);
        AssertRefused(File1(name), "symbolic link");
    }

    [Fact]
    public void Read_LinkToAFolder_IsRefused()
    {
        Directory.CreateSymbolicLink(File1("more"), Path.GetTempPath());
        AssertRefused(File1("more"), "symbolic link");
    }

    [Fact]
    public void Resolve_VersionThatIsALink_IsRefused()
    {
        Directory.CreateSymbolicLink(Path.Combine(bundle.Path, "2"), bundle.Version1);
        AssertRefused(Path.Combine(bundle.Path, "2"), "symbolic link");
    }

    [Theory]
    [InlineData("../fast.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("a/fast.txt")]
    [InlineData("..")]
    [InlineData("a\\\\fast.txt")]
    [InlineData("")]
    public void Read_PathThatLeavesTheFolder_IsRefused(string name)
    {
        bundle.Edit("\"fast.txt\"", $"\"{name}\"");
        AssertRefused(bundle.Manifest, "files[0].name", "plain file name");
    }

    [Theory]
    [InlineData("\"schema\": 1", "\"schema\": 2", "field schema")]
    [InlineData("\"packets\": 10", "\"packets\": 0", "field tiers[1].packets")]
    [InlineData("\"packets\": 10", "\"packets\": 10001", "field tiers[1].packets")]
    [InlineData("\"packets\": 10", "\"packets\": 1e3", "field tiers[1].packets")]
    [InlineData("\"temperature\": 1.5", "\"temperature\": 0", "field tiers[0].temperature")]
    [InlineData("\"measure\": \"margin\"", "\"measure\": \"gini\"", "field tiers[0].measure")]
    [InlineData("0.1,", "7,", "field tiers[0].thresholds")]
    [InlineData("0.1,", "", "field tiers[0].thresholds")]
    [InlineData("0.1,", "NaN,", "not a bundle's manifest ('N' is an invalid start of a value); ")]
    [InlineData("0.1,", "\"NaN\",", "field tiers[0].thresholds[0]")]
    [InlineData("\"plug\"", "\"camera\"", "field labels")]
    [InlineData("\"plug\"", "null", "field labels")]
    [InlineData("\"metrics\": {", "\"metrics\": {\"assignments\": [null],", "field metrics.assignments")]
    [InlineData("\"features\": {", "\"features\": {\"choice\": {\"model\": \"dt\", \"captures\": 2, \"why\": \"\", "
        + "\"trials\": [null]},", "field features.choice.trials")]
    [InlineData("\"plug\"", "\"\"", "field labels[1]")]
    [InlineData("\"plug\"", "\"a\\u001b[2Jb\"", "label 'a\\x1b[2Jb' has control characters")]
    [InlineData("\"plug\"", "\"a\\u202eb\"", "label 'a\\u202eb' has control characters")]
    [InlineData("\"name\": \"fast\"", "\"name\": \"../../fast\"", "field tiers[0].name")]
    [InlineData("\"name\": \"fast\"", "\"name\": \"a\\\" onload=\\\"x\"", "field tiers[0].name")]
    [InlineData("\"model\": \"dt\"", "\"model\": \"d\\u001bt\"", "field tiers[0].model")]
    [InlineData("\"wait_limit_ms\": 1000", "\"wait_limit_ms\": -1", "field wait_limit_ms")]
    [InlineData("\"wait_limit_ms\": 1000", "\"wait_limit_ms\": \"long\"", "field wait_limit_ms")]
    [InlineData("\"wait_limit_ms\": 1000", "\"window_ms\": 0, \"wait_limit_ms\": 1000", "field window_ms")]
    [InlineData("\"wait_limit_ms\": 1000", "\"window_ms\": 1e12, \"wait_limit_ms\": 1000", "field window_ms")]
    [InlineData("\"wait_limit_ms\"", "\"wait\"", "wait")]
    [InlineData("\"labels\": [", "\"labels\": {", "line")]
    [InlineData("\"file\": \"fast.txt\"", "\"file\": \"slow.txt\"", "no tier uses 'fast.txt'")]
    [InlineData("\"file\": \"fast.txt\"", "\"file\": \"none.txt\"", "field ")]
    public void Read_UnusableField_NamesIt(string old, string by, string expected)
    {
        bundle.Edit(old, by);
        AssertRefused(bundle.Manifest, expected);
    }

    [Fact]
    public void Read_MoreTiersThanCanBeServed_SaysHowManyAreAllowed()
    {
        var tier = SmallBundle.NewManifest().Tiers[0];
        var many = SmallBundle.NewManifest() with { Tiers = [.. Enumerable.Repeat(tier, 100_000)] };

        var error = Assert.Throws<InputException>(() =>
            BundleWriter.Write(Path.Combine(bundle.Path, "..", "many"), many, SmallBundle.Models));
        Assert.Contains("field tiers: 100000 entries, 1 to 64 are allowed", error.Message);
        Assert.Equal(DecisionTag.MaxTiers, BundleLimits.MaxTiers);
        Assert.Equal(DecisionTag.MaxLabels, BundleLimits.MaxLabels);
    }

    [Theory]
    [InlineData("\"version\": \"1\"", "version")]
    [InlineData("\"plug\"", "labels")]
    public void Read_EndlessText_SaysWhereAndHowLongItMayBe(string old, string field)
    {
        var text = new string('x', 100_000);
        bundle.Edit(old, field == "labels" ? $"\"{text}\"" : $"\"{field}\": \"{text}\"");
        AssertRefused(bundle.Manifest, "a text of 100000 bytes at byte", "at most 32768 are allowed");
    }

    [Fact]
    public void Read_ManifestCutShort_NamesItAtEveryLength()
    {
        var whole = File.ReadAllBytes(bundle.Manifest);
        for (var length = 0; length < whole.Length - 3; length += 17)
        {
            File.WriteAllBytes(bundle.Manifest, whole[..length]);
            AssertRefused(bundle.Manifest);
        }
    }

    [Fact]
    public void Resolve_NoBundle_SaysWhatWasExpected()
    {
        var empty = Directory.CreateDirectory(Path.Combine(bundle.Path, "..", "empty")).FullName;

        Assert.Contains("no bundle here", Assert.Throws<InputException>(() => BundleFolder.Resolve(empty)).Message);
        Assert.Contains("no bundle here",
            Assert.Throws<InputException>(() => BundleFolder.Resolve(Path.Combine(empty, "x"))).Message);
    }
}
