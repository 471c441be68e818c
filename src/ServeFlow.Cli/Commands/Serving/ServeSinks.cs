using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Export.Records;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Opens the outputs that a sensor was asked for.</summary>
static class ServeSinks
{
    const string StandardOutput = "-";

    /// <summary>Opens all of them; what is opened is closed again where one fails.</summary>
    /// <param name="options">What was asked for; EVE on standard output where that is nothing.</param>
    /// <param name="json">Whether standard output belongs to <c>--json</c>.</param>
    /// <param name="lossless">Whether workers wait for a sink instead of losing records.</param>
    /// <param name="givenUp">Called when an output is given up.</param>
    /// <param name="say">Is told what is wrong with records that wait for a receiver, from any thread.</param>
    /// <exception cref="InputException">Outputs contradict one another, or one cannot be opened.</exception>
    public static IReadOnlyList<SensorSink> Open(ServeSinkOptions options, bool json, bool lossless, CascadePlan plan,
        SinkOptions records, Action<Exception> givenUp, Action<string> say)
    {
        var deliveries = new DeliveryOutputs(options.Delivery, say);
        var outputs = options.Outputs.DefaultIfEmpty(new(RecordFormat.Eve, StandardOutput))
            .Where(output => options.Outputs.Any() || !json).ToList();
        var limits = outputs.ConvertAll(output => output.Compile(plan, records.Plans));
        var sinks = new List<SensorSink>();
        try
        {
            foreach (var (output, limit) in outputs.Zip(limits))
            {
                var delivery = DeliveryFormat.Has(output.Format) ? deliveries.Open(output.Format, output.Path) : null;
                var sink = delivery is null ? Open(output.Format, output.Path, plan, records)
                    : DeliveryOutputs.CreateSink(delivery, output.Format, plan, records, lossless);
                sinks.Add(new(Name(output, outputs), new LimitedSink(sink, limit))
                {
                    Delivery = delivery,
                    Capacity = options.Queue,
                    Lossless = lossless,
                    Retries = !lossless,
                    OnGivenUp = givenUp,
                });
            }
        }
        catch
        {
            sinks.ForEach(sink => sink.Sink.Dispose());
            sinks.ForEach(sink => sink.Delivery?.Spool.Dispose());
            throw;
        }

        return sinks;
    }

    /// <summary>
    /// Opens what takes the answers that a shadow disagrees on; nothing where that was not asked for.
    /// </summary>
    /// <exception cref="InputException">It cannot be opened.</exception>
    public static IReadOnlyList<SensorSink> OpenDisagreements(string? path, ServeSinkOptions options, CascadePlan plan,
        SinkOptions records)
    {
        if (path is null)
        {
            return [];
        }

        if (options.Outputs.Any(output => output.Path == path))
        {
            throw new InputException($"--shadow-disagreements {path}: is another output's file: give one of its own");
        }

        return
        [
            new("disagreements", Open(RecordFormat.Eve, path, plan, records))
            {
                Capacity = options.Queue,
                IsForDisagreements = true,
            },
        ];
    }

    /// <summary>Describes what is to be known of outputs that were opened, and of those of earlier runs that have left
    /// records, in a line each.</summary>
    public static IEnumerable<string> Describe(IReadOnlyList<SensorSink> sinks, ServeSinkOptions options)
    {
        foreach (var sink in sinks)
        {
            switch (LimitedSink.Unwrap(sink.Sink))
            {
                case LogFileSink { IsUnguarded: true }:
                    yield return $"{sink.Name}: the file system keeps no locks: a second writer would not be noticed";
                    break;
                case GrowingParquetSink { Rescued: { } name }:
                    yield return $"{sink.Name}: a run that was killed left its file, which is {name} from now on";
                    break;
            }
        }

        foreach (var line in DeliveryOutputs.DescribeLeft(options.Delivery.Folder,
            sinks.Select(sink => sink.Delivery?.Spool).OfType<Spool>()))
        {
            yield return line;
        }
    }

    /// <summary>The format, and the place too where there are two of the format.</summary>
    static string Name(ServeOutput output, IReadOnlyList<ServeOutput> outputs) =>
        outputs.Count(other => other.Format == output.Format) > 1 ? $"{output.Format} {output.Path}" : output.Format;

    static IRecordSink Open(string format, string path, CascadePlan plan, SinkOptions records)
    {
        try
        {
            return (format, path) switch
            {
                (RecordFormat.Parquet, _) when Path.EndsInDirectorySeparator(path) || Directory.Exists(path) =>
                    new ParquetFiles(path, plan, records),
                (RecordFormat.Parquet, _) => new GrowingParquetSink(path, plan, records),
                (_, StandardOutput) => RecordFormat.CreateSink(format, AppendStream.StandardOutput(), plan, records),
                _ => new LogFileSink(path, (stream, isNew) =>
                    RecordFormat.CreateSink(format, stream, plan, records with { HasHeader = isNew })),
            };
        }
        catch (FileInUseException e)
        {
            throw new InputException($"--{format} {path}: another process is writing to it: end that one first, or "
                + "give another file", e);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"--{format} {path}: cannot be opened: {e.Message.TrimEnd('.')}; "
                + "check the path and its permissions", e);
        }
    }
}
