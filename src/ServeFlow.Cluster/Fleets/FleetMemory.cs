using System.Diagnostics;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Remembers what the leader of a fleet told last, so that a sensor can show it while the leader does not
/// answer. Callable from any thread.</summary>
sealed class FleetMemory
{
    /// <summary>Specifies how old what is shown may be: an outage that lasts is an error.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Lengthens the pause for each node: in a larger fleet, more sensors ask for a larger view.</summary>
    static readonly TimeSpan PauseOfNode = TimeSpan.FromMilliseconds(100);

    volatile Heard<FleetView>? view;
    volatile Heard<string>? leader;

    /// <summary>Gets whether it is time to ask for the fleet again.</summary>
    public bool IsDue => view is not { } last || last.Age > Pause + (last.Value.Nodes.Count * PauseOfNode);

    /// <summary>Remembers what the leader told; gives it, or what was known before where it has just begun to lead.
    /// </summary>
    /// <inheritdoc cref="Recall"/>
    public FleetView Take(FleetView told, NodeReport own)
    {
        if (told.Problem.Length > 0 && view is { Value.Problem: "" }
            && Recall(told.Problem, own, answers: true) is { } known)
        {
            return known;
        }

        view = new(told);
        return told;
    }

    /// <summary>Remembers who leads the fleet.</summary>
    public void Note(FleetOrder order) => leader = new(order.Leader);

    /// <summary>Returns what was told last, with the ages of now; null where that is long ago.</summary>
    /// <param name="problem">Why nobody tells it now.</param>
    /// <param name="own">What this node itself tells now.</param>
    /// <param name="answers">Whether the leader answers.</param>
    public FleetView? Recall(string problem, NodeReport own, bool answers = false)
    {
        if (view is not { } last || last.Age > Longest)
        {
            return null;
        }

        var gone = answers ? null : leader;
        var leads = gone is null ? "" : $"; {gone.Value} leads the fleet, and was heard {Seconds(gone)} s ago";
        return last.Value with
        {
            Nodes = [.. last.Value.Nodes.Select(node => node.Report.Instance == own.Instance ? new(own, node.State, 0)
                : node with
                {
                    Age = Math.Round(node.Age + last.Age.TotalSeconds, 1),
                    State = node.Report.Worker is not null && node.Report.Name == gone?.Value ? "away" : node.State,
                })],
            Problem = $"{problem}{leads}; the rest is as it was {Seconds(last)} s ago",
        };
    }

    static string Seconds<T>(Heard<T> heard) => $"{Math.Round(heard.Age.TotalSeconds)}";

    /// <summary>Holds what was told, and when that was.</summary>
    sealed class Heard<T>(T value)
    {
        readonly long at = Stopwatch.GetTimestamp();

        public T Value => value;

        public TimeSpan Age => Stopwatch.GetElapsedTime(at);
    }
}
