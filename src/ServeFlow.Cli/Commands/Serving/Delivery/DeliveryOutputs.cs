using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Kafka;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Cli.Commands.Serving.Delivery;

/// <summary>Opens outputs that are delivered to receivers.</summary>
/// <param name="options">How records are kept, and how receivers are reached.</param>
/// <param name="say">Is told what is wrong with a spool, from any thread.</param>
sealed class DeliveryOutputs(DeliveryOptions options, Action<string> say)
{
    TlsCredentials? credentials;

    /// <summary>Opens the spool of a receiver, and what delivers it.</summary>
    /// <exception cref="InputException">The spool cannot be used, or a certificate cannot be read.</exception>
    public SpoolDelivery Open(string format, string address)
    {
        var destination = format == DeliveryFormat.Kafka ? CreateKafka(address)
            : DeliveryFormat.CreateDestination(format, address, FindCredentials(), options.Facility,
                options.Enterprise);
        var spool = options.CreateSpool(format, address);
        try
        {
            return new(new(spool, line => say($"{format}: {line}")), destination);
        }
        catch (FileInUseException e)
        {
            throw new InputException($"--{format} {address}: another process delivers what is in {spool.Folder}: end "
                + "that one first, or give this one a --spool of its own", e);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"--{format} {address}: records cannot wait in {spool.Folder}: "
                + $"{e.Message.TrimEnd('.')}; give another place with --spool", e);
        }
    }

    /// <summary>Creates the sink that fills the spool.</summary>
    /// <param name="format">The form in which it is delivered; IPFIX has no predictions.</param>
    /// <param name="lossless">Whether a full spool holds its writer up, instead of dropping the oldest records.</param>
    public static IRecordSink CreateSink(SpoolDelivery delivery, string format, CascadePlan plan, SinkOptions records,
        bool lossless) => new SpoolSink(delivery.Spool, plan, records, lossless, format != DeliveryFormat.Ipfix);

    /// <summary>Describes the spools that outputs of earlier runs have left, with records that no output of this one
    /// delivers, in a line each.</summary>
    /// <param name="folder">Has a folder for each receiver.</param>
    /// <param name="opened">The spools of this run.</param>
    public static IEnumerable<string> DescribeLeft(string folder, IEnumerable<Spool> opened)
    {
        var own = opened.Select(spool => Path.GetFullPath(spool.Folder)).ToHashSet();
        foreach (var left in ListFolders(folder).Where(left => !own.Contains(Path.GetFullPath(left))).Order())
        {
            if (CountWaiting(left) is > 0 and var waiting)
            {
                yield return $"{left}: {waiting:N0} records of an earlier run wait, and no output of this one delivers "
                    + "them: run once more with the output that they are for, or delete the folder";
            }
        }
    }

    static string[] ListFolders(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return []; // an output that uses it says what is wrong
        }
    }

    /// <summary>Counts what waits; nothing where that cannot be known, or another process delivers it.</summary>
    static long CountWaiting(string folder)
    {
        try
        {
            return Spool.CountWaiting(folder);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return 0;
        }
    }

    /// <summary>Stands alone, so that nothing of Kafka is loaded where it is not asked for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    IDestination CreateKafka(string servers)
    {
        var kafka = new KafkaOptions(servers)
        {
            Topic = options.Topic,
            Format = options.KafkaFormat,
            Settings = options.KafkaSettings is { } file ? KafkaOptions.ReadSettings(file) : [],
        };
        KafkaDestination.Check(kafka);
        return new KafkaDestination(kafka);
    }

    TlsCredentials? FindCredentials() => options.Authorities is null && options.Certificate is null ? null
        : credentials ??= TlsCredentials.Load(options.Authorities, options.Certificate, options.Key);
}
