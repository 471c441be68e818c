using System.CommandLine;
using ServeFlow.Cli.Terminal;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Commands;

/// <summary>Represents the options that bound the records of an output.</summary>
sealed class RecordLimitArguments
{
    readonly Option<long?> rate = NumberOptions.CreateOptional("--max-record-rate", "N",
        "Write at most N records of each output per second of packet time; others are left out and counted", 1,
        long.MaxValue);

    readonly Option<long?> bytes = SizeOptions.Create("--max-output-bytes",
        "Stop writing to an output when it has this size, such as 10GiB, until it is reopened; what is left out is "
        + "counted");

    readonly Option<int?> sample = NumberOptions.CreateOptional("--sample-one-packet", "N",
        "In a flood, more than 1000 records of one-packet flows in a second of packet time, write those of one such "
        + "flow in N", 2, int.MaxValue);

    /// <summary>Gets all of them.</summary>
    public IReadOnlyList<Option> Options => [rate, bytes, sample];

    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Options.Add(option);
        }
    }

    public RecordLimits Read(ParseResult parsed) => new()
    {
        PerSecond = parsed.GetValue(rate),
        Bytes = parsed.GetValue(bytes),
        OnePacketSample = parsed.GetValue(sample),
    };
}
