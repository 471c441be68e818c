using System.Text.Json;
using ServeFlow.Service.Fleets;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Shows a fleet as tables for a terminal.</summary>
static class FleetText
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <param name="json">What <c>/api/fleet</c> gives.</param>
    public static string Format(string json)
    {
        var fleet = JsonSerializer.Deserialize<FleetDocument>(json, Json)!;
        return string.Join(Environment.NewLine, new[]
        {
            PrintableText.Escape(Head(fleet)), "", Sensors(fleet), "", Workers(fleet),
        }.Concat(Notes(fleet)));
    }

    static string Head(FleetDocument fleet)
    {
        var (setting, published) = (fleet.Setting, string.Join(", ", fleet.Published.DefaultIfEmpty("nothing")));
        return $"cluster {fleet.Cluster}: {setting.Main ?? "each sensor's own model"}"
            + (setting.Canary is null ? "" : $", canary {setting.Canary} for {100 * setting.Share:0.##} % of the flows "
                + (setting.Sensors.Count == 0 ? "everywhere" : $"of {string.Join(", ", setting.Sensors)}"))
            + $"; published: {published}; decision {fleet.Epoch}";
    }

    static string Sensors(FleetDocument fleet)
    {
        var table = new TextTable("SENSOR", "STATE", "MODEL", "PACKETS/S", "FLOWS/S", "ANSWERS/S", "PACKETS", "FLOWS",
            "ANSWERS", "DROPPED", "LOST", "DRIFT", "SHADOW AGREES", "UP", "PROGRAM");
        foreach (var sensor in fleet.Sensors)
        {
            table.Add(sensor.Name, State(sensor.State, sensor.Age), string.Join(" ", sensor.Models.Select(Model)),
                Rate(sensor, sensor.PacketsPerSecond), Rate(sensor, sensor.FlowsPerSecond),
                Rate(sensor, sensor.AnswersPerSecond),
                $"{sensor.Packets:N0}", $"{sensor.Flows:N0}", $"{sensor.Answers:N0}", $"{sensor.Dropped:N0}",
                $"{sensor.Lost:N0}", Drift(sensor.Drift), Agreement(sensor.Agreed, sensor.Compared), Up(sensor.Seconds),
                sensor.Program);
        }

        var sum = fleet.Totals;
        table.Add("total", $"{sum.Present} of {sum.Sensors}", "", $"{sum.PacketsPerSecond:N0}",
            $"{sum.FlowsPerSecond:N0}", $"{sum.AnswersPerSecond:N0}", $"{sum.Packets:N0}", $"{sum.Flows:N0}",
            $"{sum.Answers:N0}", $"{sum.Dropped:N0}", $"{sum.Lost:N0}", $"{sum.Drifting}",
            Agreement(sum.Agreed, sum.Compared), "", "");
        return table.ToString().TrimEnd();
    }

    static string Workers(FleetDocument fleet)
    {
        var table = new TextTable("WORKER", "STATE", "THREADS", "BATCHES", "ANSWERED", "LATE", "BUSY", "REFUSED", "UP",
            "PROGRAM", "TIERS");
        foreach (var worker in fleet.Workers)
        {
            table.Add(worker.Name, State(worker.State, worker.Age), $"{worker.Threads}", $"{worker.Batches:N0}",
                $"{worker.Answered:N0}", $"{worker.Late:N0}", $"{worker.Busy:N0}", $"{worker.Refused:N0}",
                Up(worker.Seconds), worker.Program, worker.Tiers);
        }

        return table.ToString().TrimEnd();
    }

    /// <summary>Says what is wrong with the fleet and its nodes, and what is unusual in their traffic.</summary>
    static IEnumerable<string> Notes(FleetDocument fleet)
    {
        var notes = fleet.Problems.Select(problem => ("fleet", (string?)problem))
            .Concat(fleet.Sensors.Select(sensor => ($"sensor {sensor.Name}", sensor.Reason)))
            .Concat(fleet.Sensors.Select(sensor => ($"sensor {sensor.Name}", sensor.Problem)))
            .Concat(fleet.Workers.Select(worker => ($"worker {worker.Name}", worker.Problem)))
            .Concat(fleet.Sensors.Where(sensor => sensor.Drift is { Active: true }).Select(sensor =>
                ($"sensor {sensor.Name}", (string?)$"drift: {string.Join("; ", sensor.Drift!.Unusual)}")))
            .Where(note => note.Item2 is not null)
            .Select(note => PrintableText.Escape($"{note.Item1}: {note.Item2}")).ToList();
        return notes.Count > 0 ? notes.Prepend("") : [];
    }

    static string State(string state, double age) =>
        state == FleetSensor.Present ? state : $"{state} {Up(age)}";

    /// <summary>Shows a rate of a sensor that is there: those of others are not in the sums.</summary>
    static string Rate(FleetSensor sensor, double rate) => sensor.State == FleetSensor.Present ? $"{rate:N0}" : "-";

    static string Model(FleetUsedModel model) => $"{model.Name}@{model.Version}" + model.Role switch
    {
        "main" => "",
        "canary" => $" canary {100 * model.Share:0.##} %",
        var role => $" {role}",
    };

    static string Drift(FleetDrift? drift) => drift is null ? "-"
        : $"{drift.Level:F2}{(drift.Active ? " drifts" : "")}";

    static string Agreement(long agreed, long compared) =>
        compared == 0 ? "-" : $"{100.0 * agreed / compared:F1} % of {compared:N0}";

    static string Up(double seconds) => $"{TimeSpan.FromSeconds(Math.Floor(seconds)):c}";
}
