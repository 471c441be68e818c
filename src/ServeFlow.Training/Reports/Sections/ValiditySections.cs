using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// Shows whether the figures can be believed: what answers rest on, checks, errors, and how to get the same again.
/// </summary>
static class ValiditySections
{
    /// <summary>Further fields matter less than the spread between draws.</summary>
    const int MaxFields = 16;

    /// <summary>A field without which every system loses less is not drawn.</summary>
    const double MinLoss = 0.0005;

    const int MaxConfusions = 15;

    /// <summary>Specifies the manifest of a bundle; it holds the hashes of all its other files.</summary>
    const string Manifest = "cascade.json";

    /// <summary>Shows which header fields and packets the answers rest on.</summary>
    public static void AddImportance(HtmlPage page, ReportContent content)
    {
        if (content.Result.Importance is not { } importance)
        {
            return;
        }

        page.Section("importance", "Feature importance");
        page.Paragraph("Weighted F1 lost where a header field, over all packets, is exchanged at random between flows "
            + $"that have it. {NumberText.Count(importance.Flows, "flow")}, {importance.Repeats} draws; whiskers are "
            + "one standard deviation between draws. With every field exchanged the cascade loses "
            + $"{NumberText.Fixed(importance.Everything.Losses[0].Mean, 3)}: what is left is known from which headers "
            + "and how many packets a flow has.");
        var fields = importance.Fields.Count(f => f.Losses.Max(l => Math.Abs(l.Mean)) >= MinLoss);
        if (fields > 0)
        {
            var shown = Math.Min(fields, MaxFields);
            page.Figure(ImportanceFigure.Draw("importance-fields", "Weighted F1 lost without a field",
                $"The {shown} fields that matter most to the cascade; the file has all "
                + $"{importance.Fields.Count}.", importance, importance.Fields, shown, row => row.Name));
        }

        if (importance.Packets.Count > 1)
        {
            page.Figure(ImportanceFigure.Draw("importance-packets", "Weighted F1 lost without a packet",
                "All fields of one packet exchanged together.", importance, importance.Packets,
                    importance.Packets.Count,
                row => $"packet {row.Name}"));
        }
    }

    /// <summary>Shows whether the evaluation can be believed.</summary>
    public static void AddAudit(HtmlPage page, ReportContent content)
    {
        if (content.Result.Audit is not { } honesty)
        {
            return;
        }

        page.Section("honesty", "Validity checks");
        page.Paragraph("Each way in which scores of traffic classifiers deceive, tried on these flows. Always "
            + $"answering the most frequent class has a weighted F1 of {NumberText.Fixed(honesty.MajorityF1, 3)}.");
        page.Verdicts([.. honesty.Checks.Select(ToVerdict)]);
        page.Table(Table.From("honesty", "The checks in numbers.", honesty.Checks,
            Column<AuditCheck>.Text("check", "check", c => c.Name.Replace('_', ' ')),
            new("figure", "figure", c => Shown(c.Figure), c => Raw(c.Figure)),
            new("expected", "expected", c => Shown(c.Expected), c => Raw(c.Expected)),
            new("verdict", "verdict", c => c.Verdict.ToString().ToLowerInvariant(),
                c => c.Verdict.ToString().ToLowerInvariant())));
        var novel = honesty.Deduplicated.Where(n => n.Flows > 0).ToList();
        if (novel.Count > 0)
        {
            page.Table(
                Table.From("novel-flows", "Weighted F1 on the held-back flows that look like no training flow in "
                + "their first packets. On all flows: cascade "
                + $"{NumberText.Fixed(content.Result.Cascade.WeightedF1, 4)}, slow "
                + $"model {NumberText.Fixed(content.Result.SlowOnly.WeightedF1, 4)}.", novel,
                Column<DeduplicatedScore>.Count("packets compared", "packets", n => n.Packets),
                Column<DeduplicatedScore>.Count("such flows", "flows", n => n.Flows),
                new("cascade", "cascade", n => Shown(n.Cascade), n => Raw(n.Cascade)),
                new("slow model on every flow", "slow_only", n => Shown(n.Slow), n => Raw(n.Slow))));
        }
    }

    public static Verdict ToVerdict(AuditCheck check)
    {
        var sentence = $"{char.ToUpperInvariant(check.Sentence[0])}{check.Sentence[1..].TrimEnd('.')}.";
        return check.Verdict switch
        {
            AuditVerdict.Passed => Verdict.Good(sentence),
            AuditVerdict.Skipped => Verdict.Neutral(sentence),
            AuditVerdict.Warned => Verdict.Warning(sentence),
            _ => Verdict.Bad(sentence),
        };
    }

    static string Shown(double? figure) => figure is { } value ? NumberText.Fixed(value, 4) : "";

    static string Raw(double? figure) => figure is { } value ? NumberText.Raw(value) : "";

    /// <summary>Shows what went wrong, as loudly as what went right.</summary>
    public static void AddErrors(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("faults", "Errors");
        page.Verdicts(Verdicts.Faults(content));
        var confusions = Confusions(content);
        if (confusions.Count > 0)
        {
            page.Table(Table.From("confusions", $"The confusions that cost most, of "
                + $"{NumberText.Count(confusions.Count)}. Each share is of the true class's "
                + "flows.", confusions.Take(MaxConfusions),
                Column<Confusion>.Text("truth", "true", c => result.Labels[c.Truth]),
                Column<Confusion>.Text("answer", "answered", c => c.Answer == ConfusionMatrix.Unanswered
                    ? Classification.UnknownLabel
                    : result.Labels[c.Answer]),
                Column<Confusion>.Count("flows", "flows", c => c.Flows),
                Column<Confusion>.Share("of the class", "share",
                    c => (double)c.Flows / result.Confusion.Support(c.Truth))));
        }

        if (result.NearDuplicates.Count > 0)
        {
            page.Table(Table.From("near-duplicates", "Held-back flows that look, in the columns that models see, "
                + "exactly like a training flow. Under another label they are what no model of these columns can tell.",
                result.NearDuplicates,
                Column<NearDuplicateReport>.Count("packets compared", "packets", r => r.Depth),
                Column<NearDuplicateReport>.Count("flows", "flows", r => r.Flows),
                Column<NearDuplicateReport>.Share("of all", "share", r => r.Share),
                Column<NearDuplicateReport>.Count("under another label", "contradicting", r => r.Contradicting)));
        }
    }

    static List<Confusion> Confusions(ReportContent content)
    {
        var cells = content.Result.Confusion.Confusions();
        return [.. cells.OrderByDescending(cell => cell.Flows)
            .Select(cell => new Confusion(cell.Truth, cell.Prediction, cell.Flows))];
    }

    /// <summary>Lists everything that it takes to get the same figures again.</summary>
    public static void AddReproduction(HtmlPage page, ReportContent content)
    {
        var (bundle, data) = (content.Result.Bundle, content.Result.Data);
        var manifest = bundle.Manifest;
        page.Section("reproduction", "Reproduction");
        page.Terms(
        [
            .. content.Commands,
            ("bundle", $"{manifest.Name}, version {manifest.Version}"),
            ("bundle's SHA-256", $"{Hash(Path.Combine(bundle.Folder, Manifest))} ({Manifest})"),
            .. manifest.Tiers.Select(t =>
                ($"tier {t.Name}", $"{t.Model}@{t.Packets}, {manifest.Files.First(f => f.Name == t.File).Sha256}")),
            ("features", $"{manifest.Features.Set}, mask {manifest.Features.Mask}, schema {manifest.Features.Hash}"),
            .. FeatureChoice(manifest),
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

    static IEnumerable<(string, string)> FeatureChoice(BundleManifest manifest)
    {
        if (manifest.Features.Choice is not { } choice)
        {
            yield break;
        }

        yield return ("choice of features", $"{choice.Why} ({choice.Model} on "
            + $"{NumberText.Count(choice.Captures, manifest.Data.GroupWord)})");
        foreach (var trial in choice.Trials)
        {
            yield return ($"{trial.Set}{(trial.Taken ? ", taken" : "")}",
                $"weighted F1 {NumberText.Fixed(trial.WeightedF1, 4)}" + (trial.Against.Length == 0 ? ""
                    : $", gain {NumberText.Fixed(trial.Gain, 4)} ({NumberText.Fixed(trial.GainLow, 4)} to "
                        + $"{NumberText.Fixed(trial.GainHigh, 4)}) against {trial.Against}"));
        }
    }

    static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    sealed record Confusion(int Truth, int Answer, int Flows);
}
