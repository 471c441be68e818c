using System.Text.Json.Serialization;
using ServeFlow.Flows;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>
/// Describes, in the JSON of a training or evaluation, the packets that it read, by the names that <c>classify
/// --json</c> has. Everything is left out where nobody looked.
/// </summary>
public abstract record TrafficDocument
{
    protected TrafficDocument(TrafficReport? traffic)
    {
        if (traffic is not null)
        {
            Packets = traffic.Packets;
            Tracked = traffic.Tracked;
            Untracked = traffic.Untracked.ByName();
            Ignored = traffic.Ignored.ByName();
            Odd = new(traffic.Odd.Named.Select(entry => KeyValuePair.Create(entry.Name, entry.Count)));
            BegunInTheMiddle = traffic.Odd.BegunInTheMiddle;
            Duplicates = traffic.Odd.Duplicates;
        }
    }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Packets { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Tracked { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? Untracked { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? Ignored { get; }

    /// <summary>Gets what was odd about packets and flows, by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? Odd { get; }

    /// <summary>Gets the number of TCP flows whose first packet was no SYN.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BegunInTheMiddle { get; }

    /// <summary>Gets how many packets the captures showed a second time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Duplicates { get; }
}
