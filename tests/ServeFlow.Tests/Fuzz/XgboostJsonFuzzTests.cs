using System.Text;
using ServeFlow.Models;
using ServeFlow.Tests.Models;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>A damaged or hostile model is refused by an <see cref="InputException"/> or scores; nothing else.</summary>
public sealed class XgboostJsonFuzzTests
{
    const int MutationsPerSeed = 400;

    static readonly string[] Values = ["-1", "0", "7", "2147483647", "-2147483648", "1e308", "true", "null", "[]", "\"\""];

    public static TheoryData<string> Seeds => XgboostJsonTests.Names;

    /// <summary>What a fuzzer calls.</summary>
    internal static void Target(ReadOnlySpan<byte> data)
    {
        try
        {
            var forest = XgboostJson.Read(data, "fuzz");
            var scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, forest.ColumnNames.Count)]);
            var row = new float[scorer.Columns.Length];
            var probabilities = new float[forest.Classes];
            foreach (var value in (ReadOnlySpan<float>)[0, -1, 1, float.NaN, float.PositiveInfinity])
            {
                row.AsSpan().Fill(value);
                scorer.Score(row, 1, probabilities);
                Assert.Equal(1, probabilities.Sum(p => (double)p), 1e-4);
            }
        }
        catch (InputException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Target_MutatedSeeds_RefusesOrScores(string name)
    {
        var seed = XgboostJsonTests.Text(name);
        var random = new Random(1);
        for (var i = 0; i < MutationsPerSeed; i++)
        {
            var mutated = Encoding.UTF8.GetBytes(Mutate(seed, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            Target(mutated);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 25);
        }
    }

    /// <summary>Cuts, flips bits, or puts an awkward value in the place of one of a list.</summary>
    static string Mutate(string text, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return text[..random.Next(text.Length)];
            case 1:
                var characters = text.ToCharArray();
                characters[random.Next(characters.Length)] ^= (char)(1 << random.Next(7));
                return new(characters);
            default:
                var begin = text.IndexOf(',', random.Next(text.Length / 2)) + 1;
                var end = text.IndexOf(',', begin);
                return end < 0 ? text : text[..begin] + Values[random.Next(Values.Length)] + text[end..];
        }
    }
}
