using ServeFlow.Training.Evaluation;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>The commands that a report names for getting the same figures again.</summary>
static class ReproductionCommands
{
    public static IReadOnlyList<(string Name, string Command)> From(EvaluationResult result)
    {
        var manifest = result.Bundle.Manifest;
        var tiers = string.Join(",", manifest.Tiers.Select(t => $"{t.Model}@{t.Packets}"));
        return
        [
            ("train", $"serveflow train -r CAPTURES --labels LABELS -o BUNDLE --features {manifest.Features.Set} "
                + $"--mask {manifest.Features.Mask} --split {manifest.Data.Split} --seed {manifest.Data.Seed} "
                + $"--tiers {tiers}"),
            ("evaluate", $"serveflow evaluate BUNDLE -r CAPTURES --labels LABELS --seed {result.Data.Seed} "
                + "--report DIR"),
        ];
    }
}
