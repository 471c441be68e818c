using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>Writes numbers with five digits, as no figure of a simulation has more.</summary>
sealed class RoundedNumbers : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(decimal.Parse(value.ToString("G5"), System.Globalization.NumberStyles.Float));
}
