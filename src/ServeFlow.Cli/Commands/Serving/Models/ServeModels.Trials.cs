using System.Globalization;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Serving.Workers;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Tries models beside the one that answers: a canary on a share of the flows, a shadow on all.</summary>
sealed partial class ServeModels
{
    /// <summary>Specifies how often a shadow is judged.</summary>
    const long JudgingMs = 1000;

    PromotionRule? promotion;
    ServedModel? judged;
    long judgedAtMs;

    public ModelChange StartCanary(string name, int? version, double share) =>
        Change(() => Canary(Read(repository, repository.Find(name, version)), share), _ => { });

    public ModelChange StopCanary() => Change(() => InUse.Canary is { } canary
        ? new(InUse with { Canary = null, Share = 0 }, canary, $"{canary.Name} answers no new flow any more")
        : throw Mistaken("there is no canary"), _ => { });

    public ModelChange StartShadow(string name, int? version) =>
        Change(() => Shadow(Read(repository, repository.Find(name, version))), _ => { });

    public ModelChange StopShadow() => Change(() => InUse.Shadow is { } shadow
        ? new(InUse with { Shadow = null }, shadow, $"{shadow.Name} is compared no more")
        : throw Mistaken("there is no shadow"), _ => { });

    /// <summary>Begins with what was asked for at the start; the sensor takes no packets yet.</summary>
    /// <exception cref="InputException">A model cannot be used.</exception>
    public void Begin(ModelTrials trials)
    {
        promotion = trials.Promotion;
        if (trials.Canary is { } canary)
        {
            Try("canary", Open(canary), model => Canary(model, trials.Share));
        }

        if (trials.Shadow is { } shadow)
        {
            Try("shadow", Open(shadow), Shadow);
        }

        hasBegun = true;
    }

    /// <summary>Begins a trial, unless the fleet has decided since for that model or for a canary of its own.</summary>
    void Try(string role, ServedModel model, Func<ServedModel, Wish> use)
    {
        if (isSteered && (model == Main || (role == "canary" && followed.Canary is not null)))
        {
            say($"{model.Name}: is no {role}, as by the fleet's decision "
                + (model == Main ? "it answers already" : $"{followed.Canary} is"));
        }
        else
        {
            Change(() => use(model), _ => { });
        }
    }

    /// <summary>
    /// Has a shadow answer, or says why not, once it can be judged. To be called several times a second.
    /// </summary>
    public void Judge()
    {
        if (promotion is null || InUse.Shadow is not { } shadow || shadow == judged
            || Environment.TickCount64 - judgedAtMs < JudgingMs)
        {
            return;
        }

        judgedAtMs = Environment.TickCount64;
        if (sensor?.SumComparisons() is not { } sum || sum.Compared < promotion.Flows)
        {
            return;
        }

        lock (gate)
        {
            if (InUse.Shadow == shadow) // nobody has stopped it meanwhile
            {
                Judge(shadow, sum, promotion);
            }
        }
    }

    /// <summary>Has a shadow answer that agrees on enough flows. Under the gate.</summary>
    void Judge(ServedModel shadow, AnswerComparison sum, PromotionRule rule)
    {
        judged = shadow;
        var agreement = (double)sum.Agreed / sum.Compared;
        var found = string.Create(CultureInfo.InvariantCulture,
            $"{shadow.Name}: agrees on {agreement:F4} of {sum.Compared:N0} flows");
        if (agreement < rule.MinAgreement)
        {
            say(string.Create(CultureInfo.InvariantCulture,
                $"{found}, less than {rule.MinAgreement}: it is not promoted"));
            return;
        }

        say($"{found}: it is promoted");
        Change(() => Answer(shadow), next => Replace(next.Main, isPinned: true));
    }

    public object Describe()
    {
        lock (gate)
        {
            var answers = sensor is null ? [] : sensor.SumAccounts().AnswersByModel.ToArray();
            return new
            {
                Models = InUse.Roles.Select(entry => Describe(entry.Model, entry.Role, answers)),
                Previous = earlier.Count > 0 ? earlier[^1].Name : null,
                Comparison = DescribeComparison(),
                Changes = new { Applied, Refused, LongestPauseUs = Math.Round(LongestPause.TotalMicroseconds, 1) },
                Repository = List(),
            };
        }
    }

    public IReadOnlyList<ModelEntry> List()
    {
        lock (gate)
        {
            var loaded = InUse.Roles.Select(entry => entry.Model).Concat(ready).Concat(earlier)
                .Select(model => model.Entry.Folder).ToHashSet();
            return [.. repository.List().Select(entry => entry.Problem is { } problem
                ? new ModelEntry(entry.Name, $"{entry.Version}", "UNAVAILABLE", problem)
                : loaded.Contains(entry.Folder) ? new(entry.Name, VersionOf(entry), "READY", "")
                : new(entry.Name, VersionOf(entry), "UNAVAILABLE", "not loaded"))];
        }
    }

    /// <summary>Gets the units that each model answered since the start, by name and version.</summary>
    public IEnumerable<(string Model, string Version, long Answers)> CountAnswers() =>
        sensor is null ? [] : sensor.SumAccounts().AnswersByModel.ToArray()
            .Select((count, model) => (sensor.Plans[model].Name, sensor.Plans[model].Version, count,
                sensor.Plans[model].Task)).Where(one => one.Task == task)
            .GroupBy(one => (one.Name, one.Version))
            .Select(same => (same.Key.Name, same.Key.Version, same.Sum(one => one.count)));

    /// <summary>Gets, by class, the flows that the shadow answered too; empty where there is none.</summary>
    public IEnumerable<ComparedClass> CountCompared() => sensor?.SumComparisons()?.Classes ?? [];

    object Describe(ServedModel model, string role, long[] answers) => new
    {
        Task = task.Length > 0 ? task : null,
        model.Bundle.Plan.Name,
        model.Bundle.Plan.Version,
        model.Bundle.Sha256,
        Path = model.Bundle.Folder,
        State = "ready",
        Role = role,
        Share = role == "canary" ? InUse.Share : (double?)null,
        Answers = sensor?.Plans.Find(model.Sensor.Key, task) is { } number and >= 0 && number < answers.Length
            ? answers[number] : 0,
        model.Bundle.Plan.Labels,
        Tiers = model.Bundle.Plan.Tiers.Select(tier => tier.Name),
    };

    object? DescribeComparison() => sensor?.SumComparisons() is not { } sum ? null : new
    {
        sum.Compared,
        sum.Agreed,
        sum.Disagreed,
        Agreement = sum.Compared == 0 ? (double?)null : Math.Round((double)sum.Agreed / sum.Compared, 6),
        sum.Unpaired,
        AnsweredByOthers = sum.Others,
        Classes = sum.Classes.Select(one => new { Name = one.Label, one.Agreed, one.Disagreed }),
        Pairs = sum.Pairs.Take(100).Select(pair => new { Name = $"{pair.Main} → {pair.Shadow}", pair.Flows }),
    };

    Wish Canary(ServedModel model, double share)
    {
        if (share is not (> 0 and <= 1))
        {
            throw Mistaken(string.Create(CultureInfo.InvariantCulture,
                $"share {share}: give a number above 0 and at most 1"));
        }

        return model == Main
            ? throw Mistaken($"{model.Name}: answers already, and cannot be a canary beside itself")
            : new(InUse with { Canary = model, Share = share, Shadow = InUse.Shadow == model ? null : InUse.Shadow },
                model,
                string.Create(CultureInfo.InvariantCulture, $"{model.Name} answers {share} of new flows, as canary"));
    }

    Wish Shadow(ServedModel model)
    {
        if (model == Main)
        {
            throw Mistaken($"{model.Name}: answers already, and cannot be its own shadow");
        }

        judged = null;
        return new(InUse with { Shadow = model }, model, $"{model.Name} answers for comparison, as shadow");
    }

    /// <summary>Reads a model that lies elsewhere, or one of the repository.</summary>
    /// <param name="text">A path, or <c>NAME[@VERSION]</c>.</param>
    ServedModel Open(string text)
    {
        if (Directory.Exists(text))
        {
            var from = ModelRepository.Open(text);
            return Read(from, from.Find(FindOnly(from, text), null));
        }

        var name = ModelName.Parse(text);
        return Read(repository, repository.Find(name.Name, name.Version));
    }
}
