using ServeFlow.Service;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Something that can be done with a model.</summary>
/// <param name="Question">What its user is asked before it is done.</param>
/// <param name="Run">Does it, on the caller's thread.</param>
sealed record ModelAction(string Name, string Question, Func<IModelControl, ModelChange> Run)
{
    public static ModelAction Activate(ModelEntry entry) => new("Activate",
        $"Have {entry.Name} version {entry.Version} answer all new flows?",
        models => models.Activate(entry.Name, Number(entry)));

    public static ModelAction StartCanary(ModelEntry entry, double share) => new("Canary",
        $"Have {entry.Name} version {entry.Version} answer {100 * share:0.##} % of new flows?",
        models => models.StartCanary(entry.Name, Number(entry), share));

    public static ModelAction StartShadow(ModelEntry entry) => new("Shadow",
        $"Have {entry.Name} version {entry.Version} answer all new flows too, for comparison?",
        models => models.StartShadow(entry.Name, Number(entry)));

    public static ModelAction RollBack(string previous) => new("Roll back",
        $"Have {previous} answer all new flows again?", models => models.RollBack());

    /// <summary>Ends the use of a canary or a shadow.</summary>
    public static ModelAction Stop(UsedModel model) => model.Role == "canary"
        ? new("Stop", $"Have {model.Name} {model.Version} answer no new flow any more?", models => models.StopCanary())
        : new("Stop", $"Stop comparing with {model.Name} {model.Version}?", models => models.StopShadow());

    static int? Number(ModelEntry entry) => int.TryParse(entry.Version, out var version) ? version : null;
}

/// <summary>Changes models for the page, beside the thread that draws it.</summary>
sealed class ModelActions(IRunningSensor sensor, SensorFeed feed)
{
    /// <summary>Does it; gives what there is to say, and whether it was done.</summary>
    public async Task<(bool IsDone, string Text)> RunAsync(ModelAction action)
    {
        try
        {
            var change = await Task.Run(() => action.Run(sensor.Models));
            await feed.RefreshModels();
            return (true, string.Join("; ", change.Messages));
        }
        catch (InputException e)
        {
            return (false, e.Message);
        }
    }
}
