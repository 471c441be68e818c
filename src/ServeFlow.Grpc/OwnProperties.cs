using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Collections;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Grpc;

/// <summary>What a ServeFlow server says of its model beyond the protocol, as properties of the metadata.</summary>
public static class OwnProperties
{
    /// <summary>Names the parameter of an answer that has the hash of its model.</summary>
    public const string Sha256 = "sha256";

    const string Schema = "schema";
    const string Packets = "packets";
    const string Labels = "labels";

    /// <summary>Writes them; the hash only where it is known.</summary>
    public static void Write(OwnModel model, MapField<string, string> properties)
    {
        properties[Schema] = model.Schema;
        properties[Packets] = model.Packets.ToString(CultureInfo.InvariantCulture);
        properties[Labels] = JsonSerializer.Serialize(model.Labels);
        if (model.Sha256 is { } sha256)
        {
            properties[Sha256] = sha256;
        }
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="RefusalException">They are incomplete.</exception>
    internal static OwnModel Read(MapField<string, string> properties)
    {
        try
        {
            var labels = JsonSerializer.Deserialize<string[]>(properties[Labels]) ?? [];
            return new(properties[Schema], int.Parse(properties[Packets], CultureInfo.InvariantCulture), labels,
                properties.GetValueOrDefault(Sha256));
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or OverflowException)
        {
            throw new RefusalException("its metadata are not those of a ServeFlow server: "
                + InputException.Quote(e.Message));
        }
    }
}
