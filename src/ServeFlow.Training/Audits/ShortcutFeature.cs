using System.Text.Json.Serialization;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>Describes one header field that tells a class from all others by itself.</summary>
/// <param name="Class">The class's name.</param>
/// <param name="Field">nPrint's name of the field, such as <c>ipv4_ttl</c>.</param>
/// <param name="Packet">The packet's number, from 1.</param>
/// <param name="Value">The value that most of the class's flows have there, as people write it.</param>
/// <param name="Share">Share of the class's flows with that value.</param>
/// <param name="Precision">The precision of the field alone, on flows of captures whose values were not looked
/// at.</param>
/// <param name="Recall">Likewise.</param>
/// <param name="OtherFields">Further fields of which the same is true.</param>
/// <param name="Mask">Mask for the next training that hides the field.</param>
public sealed record ShortcutFeature(string Class, string Field, int Packet, string Value, double Share,
    double Precision, double Recall, [property: JsonPropertyName("others")] int OtherFields, string Mask)
{
    /// <summary>Says in one line what was found and what to do.</summary>
    public override string ToString() => $"class '{Class}' is told by {Field} of packet {Packet} alone (precision "
        + $"{NumberText.Fixed(Precision, 2)}, recall {NumberText.Fixed(Recall, 2)}): "
        + $"{NumberText.Percent(Share, 0)} of its flows have {Shortened}"
        + $"{OthersText}; if that is the place where it was captured and not "
        + $"the class, train with the mask {Mask}";

    string OthersText => OtherFields switch
    {
        0 => "",
        1 => "; another field does as well",
        _ => $"; {OtherFields} other fields do as well",
    };

    /// <summary>Options are up to 80 digits.</summary>
    string Shortened => Value.Length <= 26 ? Value : Value[..24] + "…";
}
