using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Checks every field of a manifest whose value the program later relies on: well-formed JSON may still say
/// something impossible, or point outside the bundle.
/// </summary>
static class ManifestCheck
{
    /// <summary>A tier has a model, a gain model and a table of openings.</summary>
    const int MaxFilesPerTier = 3;

    /// <exception cref="InputException">A field is unusable; the message names file and field.</exception>
    public static void Run(BundleManifest manifest, string path)
    {
        Require(manifest.Schema == BundleManifest.CurrentSchema, path, "schema",
            $"{manifest.Schema}, but this program reads {BundleManifest.CurrentSchema}");
        CheckNulls(manifest, path);
        CheckCounts(manifest, path);
        foreach (var (number, label) in manifest.Labels.Index())
        {
            Require(LabelText.FindProblem(label) is null, path, $"labels[{number}]",
                LabelText.FindProblem(label) ?? "");
        }

        Require(manifest.Labels.Distinct().Count() == manifest.Labels.Count, path, "labels", "one occurs twice");
        Require(manifest.WaitLimitMs > 0 && manifest.WaitLimitMs <= TimeSpan.FromDays(1).TotalMilliseconds, path,
            "wait_limit_ms", $"{manifest.WaitLimitMs} is not above 0 and at most a day");
        Require(manifest.WindowMs is null or >= BundleLimits.MinWindowMs and <= BundleLimits.MaxWindowMs, path,
            "window_ms",
            $"{manifest.WindowMs} is not between {BundleLimits.MinWindowMs} and {BundleLimits.MaxWindowMs}");
        Require(manifest.Flows is not { AreUsable: false }, path, "flows",
            "a timeout is not above 0 and at most a year");
        Require(manifest.Protocols?.Problem is null, path, "protocols", manifest.Protocols?.Problem ?? "");
        CheckFiles(manifest, path);
        for (var t = 0; t < manifest.Tiers.Count; t++)
        {
            CheckTier(manifest, t, path);
        }

        UnknownCheck.Run(manifest, path);
        Require(manifest.Promise is not { } promise || (IsShare(promise.MaxLoss) && IsShare(promise.Confidence)), path,
            "promise", "max_loss and confidence are not both between 0 and 1");
        Require(manifest.Origin?.Problem is null, path, "origin", manifest.Origin?.Problem ?? "");
        if (manifest.Drift is { } drift)
        {
            DriftCheck.Run(drift, manifest.Tiers.Count, path);
        }

        if (manifest.Placement is { } placement)
        {
            PlacementCheck.Run(placement, path);
        }
    }

    /// <summary>Bounds what a manifest can make us allocate and look through.</summary>
    static void CheckCounts(BundleManifest manifest, string path)
    {
        CheckCount(manifest.Labels.Count, BundleLimits.MaxLabels, "labels");
        CheckCount(manifest.Tiers.Count, BundleLimits.MaxTiers, "tiers");
        CheckCount(manifest.Files.Count, MaxFilesPerTier * manifest.Tiers.Count, "files");
        CheckCount(manifest.Features.Choice?.Trials.Count ?? 0, BundleFeatureChoice.MaxTrials,
            "features.choice.trials", least: 0);
        CheckCount(manifest.Metrics.Tiers.Count, BundleLimits.MaxTiers, "metrics.tiers", least: 0);

        void CheckCount(int found, int most, string field, int least = 1) =>
            Require(found >= least && found <= most, path, field, $"{found} entries, {least} to {most} are allowed");
    }

    static bool IsShare(double value) => value is > 0 and < 1;

    /// <summary>The JSON reader refuses null for a member, but not as an element of a list.</summary>
    static void CheckNulls(BundleManifest manifest, string path)
    {
        Require(!manifest.Labels.Any(label => label is null), path, "labels", "one is null");
        Require(!manifest.Tiers.Any(t => t is null), path, "tiers", "one is null");
        Require(!manifest.Files.Any(f => f is null), path, "files", "one is null");
        Require(!manifest.Data.Trained.Any(c => c is null), path, "data.trained", "one is null");
        Require(manifest.Data.Groups?.Trained.Any(g => g is null) != true, path, "data.groups.trained", "one is null");
        Require(!manifest.Data.HeldOut.Any(c => c is null), path, "data.held_out", "one is null");
        Require(!manifest.Metrics.Tiers.Any(t => t is null), path, "metrics.tiers", "one is null");
        Require(manifest.Metrics.Assignments?.Any(a => a is null) != true, path, "metrics.assignments", "one is null");
        Require(manifest.Features.Choice?.Trials.Any(t => t is null) != true, path, "features.choice.trials",
            "one is null");
    }

    static void CheckFiles(BundleManifest manifest, string path)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            BundleFolder.ManifestName, BundleFolder.TimingsName,
        };
        for (var i = 0; i < manifest.Files.Count; i++)
        {
            var file = manifest.Files[i];
            Require(BundleFolder.IsPlainName(file.Name), path, $"files[{i}].name",
                $"'{InputException.Quote(file.Name)}' is not a plain file name, so it may lead out "
                + "of the bundle's folder");
            Require(names.Add(file.Name), path, $"files[{i}].name", $"'{file.Name}' is taken");
            Require(file.Bytes >= 0 && file.Bytes <= Array.MaxLength, path, $"files[{i}].bytes", $"{file.Bytes}");
            Require(file.Sha256.Length == 64 && file.Sha256.All(char.IsAsciiHexDigitLower), path,
                $"files[{i}].sha256", "not 64 hexadecimal digits");
        }

        var used = manifest.Tiers.SelectMany(t => new[] { t.File, t.GainFile, t.Novelty?.File }).ToHashSet();
        var unused = manifest.Files.Select((file, i) => (file, i)).FirstOrDefault(f => !used.Contains(f.file.Name));
        Require(unused.file is null, path, $"files[{unused.i}].name", $"no tier uses '{unused.file?.Name}'");
    }

    static void CheckTier(BundleManifest manifest, int number, string path)
    {
        var tier = manifest.Tiers[number];
        var field = $"tiers[{number}]";
        CheckName(tier.Name, path, $"{field}.name");
        CheckName(tier.Model, path, $"{field}.model");
        var least = number == 0 ? 1 : manifest.Tiers[number - 1].Packets;
        Require(tier.Packets >= least && tier.Packets <= BundleLimits.MaxPackets, path, $"{field}.packets",
            $"{tier.Packets} is not between {least} and {BundleLimits.MaxPackets}");
        Require(manifest.Files.Any(f => f.Name == tier.File), path, $"{field}.file",
            $"'{InputException.Quote(tier.File)}' is not among the bundle's files");
        Require(tier.Temperature is >= BundleLimits.MinTemperature and <= BundleLimits.MaxTemperature, path,
            $"{field}.temperature",
            $"{tier.Temperature} is not between {BundleLimits.MinTemperature} and {BundleLimits.MaxTemperature}");
        CheckImport(tier.Import, manifest.Labels.Count, path, $"{field}.import");
        Require(MeasureName.Parse(tier.Measure) is not null, path, $"{field}.measure",
            $"'{InputException.Quote(tier.Measure)}' is unknown");
        var isLast = number == manifest.Tiers.Count - 1;
        var thresholds = isLast ? 0 : manifest.Labels.Count;
        Require(tier.Thresholds.Count == thresholds, path, $"{field}.thresholds",
            $"{tier.Thresholds.Count} values, {thresholds} expected");
        Require(tier.Thresholds.All(t => t is >= -1 and <= 1), path, $"{field}.thresholds",
            "a value is not between -1 and 1");
        CheckEscalationTimeouts(tier.EscalationTimeoutsMs, manifest, $"{field}.patience_ms", path);
        CheckGain(tier, isLast, manifest, field, path);
        Require(tier.Isotonic is not { } knots || IsotonicMap.AreUsable(knots.Confidences, knots.Accuracies), path,
            $"{field}.isotonic", $"not a rising curve within 0 and 1 of at most {IsotonicMap.MaxKnots} knots");
    }

    static void CheckGain(BundleTier tier, bool isLast, BundleManifest manifest, string field, string path)
    {
        var isAsked = MeasureName.Parse(tier.Measure) == UncertaintyMeasure.ExpectedGain;
        Require(!(isLast && isAsked), path, $"{field}.measure", "the last tier has nothing to gain by escalating");
        Require(isAsked == tier.GainFile is not null, path, $"{field}.gain_file",
            isAsked
                ? "missing, although the measure is expected_gain"
                : "given, although the measure is not expected_gain");
        Require(tier.GainFile is null || manifest.Files.Any(f => f.Name == tier.GainFile), path, $"{field}.gain_file",
            $"'{InputException.Quote(tier.GainFile ?? "")}' is not among the bundle's files");
    }

    static void CheckEscalationTimeouts(IReadOnlyList<double>? timeouts, BundleManifest manifest, string field,
        string path)
    {
        Require(timeouts is null || timeouts.Count == manifest.Labels.Count, path, field,
            $"{timeouts?.Count} values, {manifest.Labels.Count} expected");
        Require(timeouts is null || timeouts.All(ms => ms > 0 && ms <= manifest.WaitLimitMs), path, field,
            "a value is not above 0 and at most wait_limit_ms");
    }

    static void CheckImport(BundleImport? import, int labels, string path, string field)
    {
        if (import is null)
        {
            return;
        }

        Require(Enum.IsDefined(import.Output), path, $"{field}.output", $"{import.Output} is unknown");
        Require(import.Classes.Count >= 2, path, $"{field}.classes", $"{import.Classes.Count} classes");
        Require(import.Classes.All(label => label >= 0 && label < labels), path, $"{field}.classes",
            $"one is no label's number from 0 to {labels - 1}");
        Require(import.Classes.Distinct().Count() == import.Classes.Count, path, $"{field}.classes",
            "a label occurs twice");
    }

    /// <summary>Names of tiers and models become parts of file names and of pages.</summary>
    static void CheckName(string name, string path, string field) =>
        Require(BundleFolder.IsPlainName(name), path, field,
            $"'{InputException.Quote(name)}' is not a name of at most 255 letters, digits and . - _ @ +");

    /// <exception cref="InputException">It does not hold; the message names file and field.</exception>
    public static void Require(bool holds, string path, string field, string problem)
    {
        if (!holds)
        {
            throw new InputException(BundleProblem.Field(path, field, problem));
        }
    }
}
