using System.Security.Cryptography;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Everything that it takes to get the same figures again.</summary>
static class ReproductionSection
{
    /// <summary>The manifest of a bundle; it holds the hashes of all its other files.</summary>
    const string Manifest = "cascade.json";

    public static void Add(HtmlPage page, ReportContent content)
    {
        var (bundle, data) = (content.Result.Bundle, content.Result.Data);
        var manifest = bundle.Manifest;
        page.Section("reproduction", "To get the same figures again");
        page.Terms(
        [
            .. content.Commands,
            ("bundle", $"{manifest.Name}, version {manifest.Version}"),
            ("bundle's SHA-256", $"{Hash(Path.Combine(bundle.Folder, Manifest))} ({Manifest})"),
            .. manifest.Tiers.Select(t =>
                ($"tier {t.Name}", $"{t.Model}@{t.Packets}, {manifest.Files.First(f => f.Name == t.File).Sha256}")),
            ("features", $"{manifest.Features.Set}, mask {manifest.Features.Mask}, schema {manifest.Features.Hash}"),
            ("wait limit", Drawing.AxisText.Duration(manifest.WaitLimitMs)),
            ("trained on", $"{NumberText.Count(manifest.Data.Flows, "flow")}, "
                + $"{NumberText.Count(manifest.Data.Trained.Count, "capture")}, "
                + $"split by {manifest.Data.Split}, seed {manifest.Data.Seed}, data set {manifest.Data.Sha256}"),
            ("evaluated on", $"{NumberText.Count(data.Flows, "flow")}, {NumberText.Count(data.Captures, "capture")}, "
                + $"seed {data.Seed}, data set {data.Sha256}; {NumberText.Count(data.CapturesTrainedOn, "capture")} "
                + "trained on and left out"),
        ]);
        page.Footnote("Scores come out the same to the last digit; times of computing are measured and do not.");
    }

    static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
