using System.Text;
using ServeFlow.Models;
using ServeFlow.Tests.Models;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>A damaged or hostile model is refused by an <see cref="InputException"/> or scores; nothing else.</summary>
public sealed class ModelTextFuzzTests
{
    static readonly string[] Values =
        ["", "-1", "0", "1", "7", "2147483647", "-2147483648", "1e308", "-inf", "nan", "x"];

    public static TheoryData<string> Seeds => GoldenModels.Names;

    /// <summary>What a fuzzer calls.</summary>
    internal static void Target(ReadOnlySpan<byte> data) => ModelFuzz.RefusesOrScores(data, Read);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Target_MutatedSeeds_RefusesOrScores(string name) =>
        ModelFuzz.RefusesOrScoresMutated(GoldenModels.Text(name), Mutate, Read, 1 << 24);

    static Forest Read(ReadOnlySpan<byte> data) => LightGbmText.Read(Encoding.UTF8.GetString(data), "fuzz");

    static string Mutate(string text, Random random) => random.Next(4) switch
    {
        0 => text[..random.Next(text.Length)],
        1 => Lines(text, random, swap: false),
        2 => Lines(text, random, swap: true),
        _ => Numbers(text, random),
    };

    /// <summary>Flips bits of some characters, or makes two lines change places.</summary>
    static string Lines(string text, Random random, bool swap)
    {
        if (!swap)
        {
            var characters = text.ToCharArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                characters[random.Next(characters.Length)] ^= (char)(1 << random.Next(7));
            }

            return new string(characters);
        }

        var lines = text.Split('\n');
        var (a, b) = (random.Next(lines.Length), random.Next(lines.Length));
        (lines[a], lines[b]) = (lines[b], lines[a]);
        return string.Join('\n', lines);
    }

    /// <summary>Puts an awkward value in the place of one that a field has.</summary>
    static string Numbers(string text, Random random)
    {
        var lines = text.Split('\n');
        var at = random.Next(lines.Length);
        var values = lines[at].Split('=', 2)[^1].Split(' ');
        values[random.Next(values.Length)] = Values[random.Next(Values.Length)];
        lines[at] = $"{lines[at].Split('=')[0]}={string.Join(' ', values)}";
        return string.Join('\n', lines);
    }
}
