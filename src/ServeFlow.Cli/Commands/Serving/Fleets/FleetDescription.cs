using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Service.Fleets;

namespace ServeFlow.Cli.Commands.Serving.Fleets;

/// <summary>Describes a fleet for HTTP.</summary>
static class FleetDescription
{
    /// <param name="refusal">Why the fleet does not take this sensor; empty where it does.</param>
    public static FleetDocument From(string cluster, FleetView view, string refusal = "")
    {
        var setting = view.State.Setting;
        FleetSensor[] sensors = [.. view.Nodes.Where(node => node.Report.Sensor is not null).Select(Sensor)];
        return new(cluster, view.State.Epoch, new(setting.Main?.ToString(), setting.Canary?.ToString(),
            setting.Canary is null ? null : setting.Share, setting.Sensors, view.State.Earlier.Count > 0),
            [.. view.State.Published.Select(model => model.ToString())], FleetTotals.Sum(sensors), sensors,
            [.. view.Nodes.Where(node => node.Report.Worker is not null).Select(Worker)],
            [.. new[] { view.Problem, refusal.Length > 0 ? $"this sensor is not in it: {refusal}" : "" }
                .Where(problem => problem.Length > 0)]);
    }

    static FleetSensor Sensor(FleetNode node)
    {
        var (report, counts) = (node.Report, node.Report.Sensor!);
        var reason = report.IsLeaving ? null : counts.Unready; // one that left in order is not in trouble
        return new(report.Name, node.State, node.Age, report.Program, report.Seconds, reason, report.Applied,
            Problem(report), [.. counts.Models.Select(model => new FleetUsedModel(model.Role, model.Name, model.Version,
                model.Sha256, model.Share))], counts.Packets, counts.Flows, counts.Active, counts.Undecided,
            counts.Answers, counts.Overload, counts.Dropped, counts.Lost, counts.PacketsPerSecond,
            counts.FlowsPerSecond, counts.AnswersPerSecond, counts.Compared, counts.Agreed,
            counts.DriftLevel is { } level
                ? new(counts.IsDrifting, level, counts.DriftAlarms, counts.Unusual) : null);
    }

    static FleetWorkerDocument Worker(FleetNode node)
    {
        var (report, counts) = (node.Report, node.Report.Worker!);
        return new(report.Name, node.State, node.Age, report.Program, report.Seconds, report.Applied, Problem(report),
            counts.Threads, counts.Tiers, counts.Batches, counts.Answered, counts.Late, counts.Busy, counts.Refused);
    }

    static string? Problem(NodeReport report) => report.Problem.Length > 0 ? report.Problem : null;
}
