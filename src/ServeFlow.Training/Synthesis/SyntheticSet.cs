using System.Globalization;
using System.Text;

namespace ServeFlow.Training.Synthesis;

/// <summary>
/// Makes a directory of labelled synthetic captures: <c>captures/site-001.pcap</c> …, <c>labels.csv</c> and a
/// <c>README.txt</c> that says what they are. Written beside, then renamed: it is there whole or not at all.
/// The same options give the same bytes.
/// </summary>
public static class SyntheticSet
{
    const string LabelsName = "labels.csv";

    /// <exception cref="InputException">An option is out of range, or the directory is in use.</exception>
    public static SynthesisResult Write(SynthesisOptions options, IProgress<double>? progress = null,
        CancellationToken cancel = default)
    {
        options.Validate();
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Directory));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new InputException($"{options.Directory}: exists and is not empty; name a new directory")
            {
                Settings = [Setting.SyntheticSet],
            };
        }

        try
        {
            UnfinishedFolder.RemoveLeftBehind(Path.GetDirectoryName(target)!, Path.GetFileName(target) + ".*.partial");
            using var beside = UnfinishedFolder.Create($"{target}.{Guid.NewGuid():N}.partial");
            var result = WriteInto(beside.Path, options, progress, cancel);
            UnfinishedFolder.RemoveIfEmpty(target);
            beside.Publish(target);
            return result with
            {
                Directory = options.Directory,
                Labels = Path.Combine(options.Directory, LabelsName),
            };
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{options.Directory}: cannot be written ({e.Message}); check the path, its "
                + "permissions and the space left", e);
        }
    }

    static SynthesisResult WriteInto(string directory, SynthesisOptions options, IProgress<double>? progress,
        CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.Combine(directory, "captures"));
        var services = ServiceCatalog.All.Take(options.Classes).ToArray();
        var perClass = new long[services.Length];
        var (packets, bytes) = (0L, 0L);
        using var labels = new StreamWriter(Path.Combine(directory, LabelsName), false, new UTF8Encoding(false));
        labels.NewLine = "\n";
        labels.WriteLine("pcap,src,sport,dst,dport,proto,label,first_ts,packets");
        for (var number = 1; number <= options.Captures; number++)
        {
            var name = $"captures/site-{number:000}.pcap";
            var path = Path.Combine(directory, name);
            packets += WriteCapture(path, number, options, services, (flow, service) =>
            {
                if (options.PacketsPerFlow is { } held)
                {
                    flow.HoldFor(held);
                }

                perClass[service]++;
                labels.WriteLine(Row(name, flow, services[service].Name));
            }, cancel);
            bytes += new FileInfo(path).Length;
            progress?.Report((double)number / options.Captures);
        }

        File.WriteAllText(Path.Combine(directory, "README.txt"), ReadMe(options));
        return new(directory, LabelsName, options.Captures, options.Flows, packets, bytes,
            services.Zip(perClass).ToDictionary(pair => pair.First.Name, pair => pair.Second));
    }

    static long WriteCapture(string path, int number, SynthesisOptions options, ServiceProfile[] services,
        Action<Conversation, int> begun, CancellationToken cancel)
    {
        // The first captures take one flow more each where the flows do not divide evenly.
        var flows = (options.Flows / options.Captures) + (number <= options.Flows % options.Captures ? 1 : 0);
        var payloads = new SeededRandom((ulong)options.Seed, (ulong)number, 1);
        using var writer = new CaptureWriter(path, options.WholeFrames);
        var playback = new Playback(new(payloads), writer);
        Play(new(number, options.Seed, services), options.Rate, playback, flows, begun, cancel);
        return playback.Packets;
    }

    /// <summary>Plays a site's flows into a capture, in time order.</summary>
    /// <param name="rate">New flows per second.</param>
    /// <param name="begun">Told of every flow as it begins.</param>
    static void Play(Site site, double rate, Playback playback, int flows, Action<Conversation, int> begun,
        CancellationToken cancel)
    {
        var arrival = site.Begin + site.NextGap(rate);
        for (var flow = 0; flow < flows; flow++)
        {
            cancel.ThrowIfCancellationRequested();
            playback.PlayUntil((long)arrival);
            var (conversation, service) = site.BeginFlow((long)arrival);
            begun(conversation, service);
            playback.Begin(conversation);
            arrival += site.NextGap(rate);
        }

        playback.PlayAll();
    }

    static string Row(string capture, Conversation flow, string label) =>
        string.Create(CultureInfo.InvariantCulture, $"{capture},{flow.Client.Address},{flow.Client.Port},"
            + $"{flow.Server.Address},{flow.Server.Port},{(flow.IsTcp ? "tcp" : "udp")},{label},"
            + $"{flow.StartMicroseconds / 1_000_000}.{flow.StartMicroseconds % 1_000_000:000000},{flow.Steps.Count}");

    static string Held(SynthesisOptions options) =>
        (options.PacketsPerFlow is { } held ? $", {held} packets per flow" : "")
        + (options.WholeFrames ? ", whole frames" : "");

    static string Frames(SynthesisOptions options) => options.WholeFrames
        ? $"Frames are whole; bytes beyond the first {FrameWriter.SnapLength} are zero"
        : $"Frames are cut to {FrameWriter.SnapLength} bytes; the bytes beyond are zero";

    static string ReadMe(SynthesisOptions options) => string.Create(CultureInfo.InvariantCulture, $"""
        These captures are SYNTHETIC. No packet in them was ever sent.

        They were made by 'serveflow synth' to try the tool out, to test it and to measure its speed. The services are
        invented: their names say what kind of service was in mind, their habits were drawn at random, and a score
        reached on them says nothing about any real network.

        captures/     {options.Captures} capture files, each a place with its own clients, paths and mixture of habits
        labels.csv    a row for each of the {options.Flows} flows
        made with     {options.Flows} flows of {options.Classes} classes, {options.Rate} new ones a second in each of
                      {options.Captures} captures, seed {options.Seed}{Held(options)}

        {Frames(options)}, and the checksums are right.

        """);
}
