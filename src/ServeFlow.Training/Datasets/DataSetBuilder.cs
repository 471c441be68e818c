using ServeFlow.Cascade.Bundles;
using ServeFlow.Flows;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets.Labels;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Builds a data set from captures and labels, one capture after the other. A label row's flow is the one of its
/// five-tuple, either direction, that begins at the row's <c>first_ts</c>, else the first; one flow counts for each
/// row. Flows that two rows name differently are left out. A flow's windows, where they are the units, carry its label.
/// </summary>
public sealed class DataSetBuilder
{
    readonly DataSetOptions options;
    readonly CaptureSet found;
    readonly CaptureAccount files;
    readonly IReadOnlyList<CapturePath> captures;
    readonly LabelIndex? labelIndex;
    readonly DirectoryLabels? directories;
    readonly FlowWindows windows;
    readonly HeaderStore store;
    readonly FlowCollector collector;
    readonly CaptureReader reader;
    readonly List<Capture> hashed = [];
    readonly List<(string Label, LabelledFlow Flow)> flows = [];
    readonly List<string> conflictExamples = [];
    readonly Dictionary<string, int> groups = [];
    int labelledFlows;
    long windowsLeftOut;
    long unlabelled;
    long continuations;
    int repeated;
    int conflicts;
    int withoutFlow;

    DataSetBuilder(DataSetOptions options, HeaderStore store, CancellationToken cancel)
    {
        (this.options, this.store) = (options, store);
        found = CaptureSet.Find(options.Path, options.Expansion, cancel);
        captures = found.Captures;
        files = new(found.Skipped);
        if (options.Labels is { } labels)
        {
            labelIndex = new(LabelFile.Read(labels, options.Group).Shift(options.LabelShift), labels, options.Path,
                captures, options.JoinsCaptures);
        }
        else
        {
            directories = DirectoryLabels.From(captures, options.Path);
        }

        windows = new(options.Window);
        collector = new(store);
        reader = new(new(options.Depth, options.WaitLimit, windows), options.Flows, collector, files);
    }

    /// <exception cref="InputException">Nothing usable came of it: no capture, no flow, no match, too few classes,
    /// an unreadable file.</exception>
    public static LabelledData Build(DataSetOptions options, IProgress<DataSetProgress>? progress = null,
        CancellationToken cancel = default)
    {
        if (options.Path == CaptureFile.StandardInput)
        {
            throw new InputException("labelled captures are read twice and cannot come through standard input; "
                + "give a file or a directory")
            {
                Settings = [Setting.Captures],
            };
        }

        if (options.KeepsWholeWindows)
        {
            try
            {
                return Build(options with { Depth = BundleLimits.MaxPackets }, new(options.MaxWholeWindowBytes),
                    progress, cancel);
            }
            catch (HeaderStoreFullException)
            {
                // Too many packets: the first ones of each window do.
            }
        }

        return Build(options, new(), progress, cancel);
    }

    static LabelledData Build(DataSetOptions options, HeaderStore store, IProgress<DataSetProgress>? progress,
        CancellationToken cancel)
    {
        var builder = new DataSetBuilder(options, store, cancel);
        builder.ReadAll(progress, cancel);
        var report = builder.Report();
        DataSetCheck.Check(options, report, builder.reader, builder.labelIndex);
        return new(builder.CreateDataSet(), report);
    }

    void ReadAll(IProgress<DataSetProgress>? progress, CancellationToken cancel)
    {
        var meter = new ReadMeter(captures, DataSetProgress.ForReading(progress));
        if (options.JoinsCaptures)
        {
            ReadJoined(meter, cancel);
        }
        else
        {
            for (var i = 0; i < captures.Count; i++)
            {
                Read(i, meter, cancel);
            }
        }

        progress?.Report(new(1, DataSetProgress.Reading));
    }

    void ReadJoined(ReadMeter meter, CancellationToken cancel)
    {
        CapturePath[] found = [.. Enumerable.Range(0, captures.Count).Where(TryHash).Select(place => captures[place])];
        if (found.Length == 0)
        {
            return;
        }

        var places = captures.Index().ToDictionary(entry => entry.Item.Name, entry => entry.Index);
        var labels = LabelsOf(0);
        reader.ReadJoined(found, labels, name => collector.Place = places[name], meter, cancel);
        withoutFlow = found.Length - collector.PlacesWithFlows;
        AddFlows(labels);
    }

    void Read(int place, ReadMeter meter, CancellationToken cancel)
    {
        if (!TryHash(place))
        {
            return;
        }

        collector.Place = place;
        var labels = LabelsOf(place);
        withoutFlow += reader.Read(captures[place], labels, meter, cancel) == 0 ? 1 : 0;
        AddFlows(labels);
    }

    ICaptureLabels LabelsOf(int place) => directories ?? (ICaptureLabels)labelIndex!.ForCapture(place);

    /// <summary>Hashes a capture; false where it has vanished.</summary>
    bool TryHash(int place)
    {
        var capture = captures[place];
        var hash = CaptureHash.TryCompute(capture);
        hashed.Add(new(capture.Name, hash ?? ""));
        if (hash is null)
        {
            files.Skipped.Add(SkipReason.Vanished, $"{PathBytes.ToText(capture.Path)}: vanished before it was read");
        }

        return hash is not null;
    }

    /// <summary>Takes the labelled flows that were read last in the order in which they began.</summary>
    void AddFlows(ICaptureLabels labels)
    {
        repeated += (labels as RowLabels)?.Repeated ?? 0;
        unlabelled += collector.Unlabelled;
        foreach (var candidate in collector.Candidates)
        {
            if (candidate.Label is null)
            {
                continuations++;
            }
            else if (candidate.HasConflict)
            {
                conflicts++;
                conflictExamples.Add($"{options.Labels}:{candidate.Row?.Line}: another row labels the same flow of "
                    + $"{captures[candidate.Place].Name} differently");
            }
            else
            {
                labelledFlows++;
                AddFlow(candidate, candidate.Label);
            }
        }
    }

    void AddFlow(CandidateFlow candidate, string label)
    {
        var units = candidate.Units;
        var kept = Math.Min(units.Count, options.MaxWindows ?? units.Count);
        windowsLeftOut += units.Count - kept;
        for (var i = 0; i < kept; i++)
        {
            var (unit, firstRecord, packets) = units[(int)((long)i * units.Count / kept)];
            flows.Add((label, new(0, candidate.Place, unit.FirstNs, Math.Min(candidate.EndNs, unit.EndNs), firstRecord,
                packets, unit.Window, new(candidate.Key.IpVersion, candidate.Key.Protocol), Group(candidate))
            {
                Key = candidate.Key,
                SourceIsLow = candidate.SourceIsLow,
            }));
        }
    }

    /// <summary>Gets the place of a flow's group; 0 where rows name none.</summary>
    int Group(CandidateFlow candidate)
    {
        if (candidate.Row?.Group is not { } name)
        {
            return 0;
        }

        groups.TryAdd(name, groups.Count);
        return groups[name];
    }

    IEnumerable<(string Path, string First)> Copies(int[]? firstCopies) => (firstCopies ?? []).Index()
        .Where(capture => capture.Item != capture.Index)
        .Select(capture => (hashed[capture.Index].Path, hashed[capture.Item].Path));

    /// <summary>Gets the classes that the rows name; where directories are the labels, all directories.</summary>
    IEnumerable<string> AskedFor() => labelIndex is null
        ? found.Directories
        : labelIndex.Rows.Select(row => row.Row.Label).Concat(labelIndex.UnreadRows.Select(row => row.Label));

    DataSet CreateDataSet()
    {
        var labels = flows.Select(flow => flow.Label).Distinct().Order(StringComparer.Ordinal).ToArray();
        var places = labels.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        var labelled = flows.Select(flow => flow.Flow with { Label = places[flow.Label] }).ToArray();
        return new()
        {
            Schema = options.Schema,
            Depth = options.Depth,
            WaitLimit = options.WaitLimit,
            FlowRules = options.Flows,
            Unit = windows,
            Labels = labels,
            Captures = hashed,
            Groups = [.. groups.OrderBy(group => group.Value).Select(group => group.Key)],
            GroupColumn = groups.Count > 0 ? options.Group?.Name : null,
            Flows = labelled,
            Headers = store,
            Sha256 = DataSetHash.Compute(hashed, labels, labelled),
        };
    }

    LabelReport Report()
    {
        var rows = new RowReport(labelIndex, options.Labels, found.Skipped.Reasons);
        var firstCopies = DataSet.FindFirstCopies(hashed);
        return new()
        {
            Files = files,
            Captures = files.Captures,
            Copies = [.. Copies(firstCopies)],
            CopiesLabelledDifferently = CopiedFlows.CountLabelledDifferently(flows, firstCopies),
            CapturesWithoutFlow = withoutFlow,
            Damaged = reader.Damaged,
            Packets = reader.Packets,
            Flows = reader.Flows,
            Traffic = reader.Traffic,
            Unit = windows,
            Units = flows.Count,
            LabelledFlows = labelledFlows,
            WindowsLeftOut = windowsLeftOut,
            UnlabelledFlows = unlabelled,
            Continuations = continuations,
            Rows = rows.Rows,
            MatchedRows = rows.Matched,
            RowsWithoutFlow = rows.Missed,
            RowsAtOtherTimes = rows.AtOtherTimes,
            TimeShift = rows.TimeShift,
            RowsElsewhere = rows.Elsewhere,
            RowsWithoutLabel = rows.WithoutLabel,
            RowLines = [.. rows.Lines],
            RepeatedRows = repeated,
            Conflicts = conflicts,
            Examples = [.. rows.Examples, .. conflictExamples.Take(LabelReport.MaxExamples)],
            Classes = [.. flows.CountBy(flow => flow.Label).OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (entry.Key, entry.Value))],
            ClassesWithoutFlow = [.. AskedFor().Except(flows.Select(flow => flow.Label))
                .Order(StringComparer.Ordinal)],
        };
    }
}
