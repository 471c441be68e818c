using ServeFlow.Flows;

namespace ServeFlow.Cli.Commands;

/// <summary>Says which oddities of captures mislead models and their users, and what to do about them.</summary>
static class TrafficWarnings
{
    const double MaxDuplicates = 0.01;
    const double MaxBegunInTheMiddle = 0.1;

    /// <summary>Formats a line for each warning; none where nothing is amiss.</summary>
    /// <param name="packets">Packets in flows.</param>
    public static IEnumerable<string> Lines(TrafficOddities odd, long packets, long flows)
    {
        if (odd.DuplicatesKept > MaxDuplicates * packets)
        {
            yield return $"warning: {Share(odd.DuplicatesKept, packets)} of the packets are copies of others (a mirror "
                + "port of both directions, two VLANs, 'any' on a bridge): counts and answers are off; leave copies "
                + "out with --dedup";
        }

        if (odd.BegunInTheMiddle > MaxBegunInTheMiddle * flows)
        {
            yield return $"warning: {Share(odd.BegunInTheMiddle, flows)} of the flows begin in the middle: their first "
                + "packets are not those that other captures show; begin the capture before the traffic, or look for "
                + "lost packets";
        }
    }

    /// <summary>Formats the warnings of captures that were read for learning, or for a matrix.</summary>
    public static IEnumerable<string> Lines(TrafficReport? traffic) =>
        traffic is null ? [] : Lines(traffic.Odd, traffic.Tracked, traffic.Flows);

    /// <summary>Prints them on standard error.</summary>
    public static void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Console.Error.WriteLine($"serveflow: {line}");
        }
    }

    static string Share(long part, long whole) => $"{100.0 * part / Math.Max(1, whole):0.0} %";
}
