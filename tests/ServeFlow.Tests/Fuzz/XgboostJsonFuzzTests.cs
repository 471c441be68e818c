using ServeFlow.Models;
using ServeFlow.Tests.Models;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>A damaged or hostile model is refused by an <see cref="InputException"/> or scores; nothing else.</summary>
public sealed class XgboostJsonFuzzTests
{
    static readonly string[] Values =
        ["-1", "0", "7", "2147483647", "-2147483648", "1e308", "true", "null", "[]", "\"\""];

    public static TheoryData<string> Seeds => XgboostJsonTests.Names;

    /// <summary>What a fuzzer calls.</summary>
    internal static void Target(ReadOnlySpan<byte> data) => ModelFuzz.RefusesOrScores(data, Read);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Target_MutatedSeeds_RefusesOrScores(string name) =>
        ModelFuzz.RefusesOrScoresMutated(XgboostJsonTests.Text(name), Mutate, Read, 1 << 25);

    static Forest Read(ReadOnlySpan<byte> data) => XgboostJson.Read(data, "fuzz");

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
