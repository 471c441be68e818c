using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Models;

/// <summary><c>model verify</c>: whether a bundle is what training wrote, and scores.</summary>
static class ModelVerifyCommand
{
    const string Help = """
        Checks a bundle before it is served: the SHA-256 of every file, the feature schema, that every model loads, and
        that its output rows are probabilities. If a check fails, prints one line and exits with 1.

        Examples:
          serveflow model verify bundle
          serveflow model verify bundle/3 --json
        """;

    public static Command Create()
    {
        var path = PathOptions.Bundle();
        var json = OutputOptions.Json();
        var command = new Command("verify", Help) { path, json };
        command.SetRun((parsed, _) =>
        {
            var bundle = Bundle.Load(parsed.GetRequiredValue(path), ServedFormats.All);
            TierSmokeTest.Run(bundle);
            Console.WriteLine(parsed.GetValue(json)
                ? DocumentJson.Format(new VerifiedBundle(bundle.Folder, true, bundle.Manifest.Files.Count,
                    bundle.Plan.Tiers.Count))
                : ToText(bundle));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static string ToText(Bundle bundle) => $"{bundle.Folder}: {bundle.Manifest.Files.Count} files as written, "
        + $"{bundle.Plan.Tiers.Count} tiers load and score";
}

/// <summary>Represents the object that <c>model verify --json</c> prints.</summary>
sealed record VerifiedBundle(string Bundle, bool Verified, int Files, int Tiers);
