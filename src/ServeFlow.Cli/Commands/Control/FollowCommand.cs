using System.CommandLine;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Control;

/// <summary><c>ctl flows</c>: shows a sensor's records as they come.</summary>
static class FollowCommand
{
    const string Help = """
        Shows the records of a running sensor as they come, from now on.

        A filter is conditions with commas between them, all of which must hold: label, tier and reason (= !=),
        confidence and port (also < <= > >=), address (of either side, also 10.0.0.0/8), proto, event (prediction or
        flow), or a word that stands anywhere in the record.

        Examples:
          serveflow ctl flows
          serveflow ctl flows 'label=zoom,confidence<0.7'
          serveflow ctl flows address=10.0.0.0/8,port=443,event=flow --json | jq .serveflow
          serveflow ctl flows --count 100 > sample.txt

        A line has the record's time, event, protocol, addresses, label, confidence, tier and reason. With --json it is
        the record as EVE. A reader that is too slow misses records; how many is said on standard error. SIGINT ends it.
        """;

    static readonly Argument<string[]> Filter = new("FILTER")
    {
        Description = "Which records to show; in one word or several; all by default",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<long?> Count = NumberOptions.CreateOptional("--count", "N",
        "End after N records", 1, long.MaxValue);

    public static Command Create(Option<string> socket, Option<bool> json)
    {
        var command = new Command("flows", Help) { Filter, Count };
        command.SetRun((parsed, stop) =>
        {
            var filter = string.Join(',', parsed.GetValue(Filter) ?? []);
            var left = parsed.GetValue(Count) ?? long.MaxValue;
            var isJson = parsed.GetValue(json);
            SensorSocket.Follow(parsed.GetRequiredValue(socket), $"/api/events?filter={Uri.EscapeDataString(filter)}",
                (name, data) => Take(name, data, isJson, ref left), stop);
            return CommandRunner.Succeeded;
        });
        return command;
    }

    /// <summary>Writes one event; false where no more are wanted.</summary>
    static bool Take(string name, string data, bool isJson, ref long left)
    {
        switch (name)
        {
            case "record":
                Console.WriteLine(isJson ? data : RecordLine.Format(data));
                return --left > 0;
            case "missed":
                Notes.Write($"serveflow: too slow: {RecordLine.ReadMissed(data):N0} records missed so far");
                return true;
            default:
                return true;
        }
    }
}
