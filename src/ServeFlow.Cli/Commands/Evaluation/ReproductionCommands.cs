using ServeFlow.Training.Evaluation;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>Provides the commands that a report names for getting the same figures again.</summary>
static class ReproductionCommands
{
    public static IReadOnlyList<(string Name, string Command)> From(EvaluationResult result)
    {
        var manifest = result.Bundle.Manifest;
        var tiers = string.Join(",", manifest.Tiers.Select(t => $"{t.Model}@{t.Packets}"));
        return
        [
            ("train", $"serveflow train -r CAPTURES --labels LABELS -o BUNDLE --features {Word(manifest.Features.Set)} "
                + $"--mask {Word(manifest.Features.Mask)} --split {Word(manifest.Data.Split)} "
                + $"--seed {manifest.Data.Seed} --tiers {Word(tiers)}"),
            ("evaluate", $"serveflow evaluate BUNDLE -r CAPTURES --labels LABELS --seed {result.Data.Seed} "
                + "--report DIR"),
        ];
    }

    /// <summary>
    /// Formats a text of the manifest as one word of a shell's command line, so that whoever copies the line runs
    /// nothing else.
    /// </summary>
    internal static string Word(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "+-_.,:@/".Contains(c))
            ? text
            : $"'{text.Replace("'", "'\\''")}'";
}
