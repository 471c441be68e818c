using ServeFlow.Packets.Headers;
using Xunit;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>docs/formats/captures.md lists what is opened.</summary>
public sealed class OpenerPageTests
{
    static readonly string[] page =
        File.ReadAllLines(Path.Combine(Repository.Root, "docs", "formats", "captures.md"));

    [Fact]
    public void Page_EveryRowOfTheTable_StandsInIt() =>
        Assert.All(OpenerTable.Rows, row => Assert.Contains(page, line =>
            line.StartsWith($"| {row.Name} | ", StringComparison.Ordinal)
            && line.Split(' ', ',', '|').Contains(Number(row))));

    [Fact]
    public void Page_EveryRowOfItsTables_IsOpened()
    {
        var known = OpenerTable.Rows.Select(row => row.Name).ToHashSet();
        var listed = page.SkipWhile(line => line != "## Link types")
            .TakeWhile(line => line != "## IP and transport headers")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|')[1].Trim())
            .Except(["link type", "header", "tunnel"]).ToList();

        Assert.NotEmpty(listed);
        Assert.All(listed, name => Assert.Contains(name, known));
    }

    static string Number(Opener row) => row.Key == OpenerKey.EtherType ? $"0x{row.Number:x4}" : $"{row.Number}";
}
