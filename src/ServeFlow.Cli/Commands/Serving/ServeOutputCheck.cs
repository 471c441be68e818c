using ServeFlow.Cli.Terminal;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Checks where a sensor is to write, before anything is opened.</summary>
static class ServeOutputCheck
{
    const string StandardOutput = "-";

    /// <exception cref="InputException">Outputs contradict one another, or would damage what is there.</exception>
    public static void Run(ServeOptions options)
    {
        RunTogether(options);
        foreach (var output in options.Sinks.Outputs)
        {
            Run(output);
        }
    }

    /// <summary>Checks all outputs beside each other, and what there is one of.</summary>
    /// <inheritdoc cref="Run(ServeOptions)"/>
    public static void RunTogether(ServeOptions options)
    {
        CheckTasks(options);
        var records = options.Sinks.Outputs.ToList();
        if (records.Count == 0 && !options.Json)
        {
            records.Add(new(RecordFormat.Eve, StandardOutput));
        }

        var places = records.Select(output => output.Path)
            .Concat(options.StatisticsFile is { } file ? [file] : []).ToList();
        CheckStandardOutput(places.Count(place => place == StandardOutput) + (options.Json ? 1 : 0));
        CheckShared(places.Where(place => place != StandardOutput));
        OutputPlace.CheckBundle(options.Sinks.Delivery.Folder);

        if (options.StatisticsFile is { } statistics and not StandardOutput)
        {
            OutputPlace.CheckAppended("--stats-json", statistics);
        }
    }

    /// <summary>Checks where one output writes.</summary>
    /// <exception cref="InputException">It cannot write there, or would damage what is there.</exception>
    public static void Run(ServeOutput output)
    {
        var (format, path) = (output.Format, output.Path);
        if (DeliveryFormat.Has(format))
        {
            CheckReceiver(format, path);
        }
        else if (format == RecordFormat.Parquet)
        {
            CheckParquet(path);
        }
        else if (path != StandardOutput)
        {
            OutputPlace.CheckAppended($"--{format}", path);
        }
    }

    /// <summary>Refuses what is for one task alone, where several are answered.</summary>
    static void CheckTasks(ServeOptions options)
    {
        if (options.Tasks.Count < 2)
        {
            return;
        }

        var outputs = options.Sinks.Outputs.ToList();
        Require(options.Trials.Canary is null, "--canary", "a canary is for one task: try it in a sensor of its own");
        Require(options.Trials.Shadow is null, "--shadow", "a shadow is for one task: try it in a sensor of its own");
        Require(options.Remote is null, "--remote-tier", "a server computes a tier of one bundle: leave it out");
        Require(options.Cluster is null, "--cluster", "workers compute a tier of one bundle: leave it out");
        Require(options.Dump.Filters.Count == 0, "--dump-flows", "flows are chosen by one answer: leave it out");
        Require(!options.Sinks.NFStreamNames, "--csv-names nfstream",
            "NFStream has one application_name for a flow: leave it out");
        Require(outputs.All(output => output.Format != DeliveryFormat.Ipfix), "--ipfix",
            "its template has one answer: send EVE by --socket, --syslog or --kafka");
        Require(outputs.All(output => output.Labels.Count == 0 && output.MinConfidence == 0), "outputs",
            "labels and min-confidence choose by one answer: leave them out, and choose behind the output");

        static void Require(bool holds, string option, string remedy)
        {
            if (!holds)
            {
                throw new InputException($"{option}: several tasks are answered, and {remedy}");
            }
        }
    }

    static void CheckStandardOutput(int users)
    {
        if (users > 1)
        {
            throw new InputException("-: standard output can take one thing only, records of one format, statistics or "
                + "--json's object: give the others a FILE");
        }
    }

    static void CheckShared(IEnumerable<string> files)
    {
        if (files.GroupBy(Path.GetFullPath).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InputException($"{twice.First()}: two outputs cannot go to one file: give each its own");
        }
    }


    static void CheckReceiver(string format, string address)
    {
        try
        {
            DeliveryFormat.Check(format, address);
        }
        catch (InputException e)
        {
            throw new InputException($"{format} {e.Message}", e);
        }
    }

    /// <summary>
    /// A name says whether it is a file or a directory: a sensor that runs for months must not gather one file by
    /// mistake.
    /// </summary>
    static void CheckParquet(string path)
    {
        if (path == StandardOutput)
        {
            throw new InputException("--parquet -: a Parquet file cannot go to standard output: give a FILE or a "
                + "directory");
        }

        OutputPlace.CheckBundle(path);
        if (!Path.EndsInDirectorySeparator(path) && !Directory.Exists(path)
            && !path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"--parquet {path}: says neither a file nor a directory: give FILE.parquet, or "
                + $"{path}/ for a directory of files");
        }
    }
}
