using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Training.Metrics;

/// <summary>
/// Represents the range in which a figure lies with a confidence of 95 %. In JSON it is an array of two numbers.
/// </summary>
[JsonConverter(typeof(JsonPair))]
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Specifies the confidence of every interval that ServeFlow shows.</summary>
    public const double Confidence = 0.95;

    /// <summary>Gets the percentile interval of a figure that was computed on draws of the data.</summary>
    /// <param name="draws">The figure on each draw; NaN where the draw has nothing to compute it from.</param>
    /// <returns>Null where no draw has anything to compute it from.</returns>
    public static Interval? From(IEnumerable<double> draws)
    {
        double[] sorted = [.. draws.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0
            ? null
            : new(Quantiles.At(sorted, (1 - Confidence) / 2), Quantiles.At(sorted, (1 + Confidence) / 2));
    }

    /// <summary>
    /// Gets the interval of a share that is 0 or 1 in each of several captures, of which draws show no spread: the
    /// exact binomial one (Clopper and Pearson 1934), with a capture as one trial.
    /// </summary>
    /// <param name="isOne">Whether the share is 1.</param>
    /// <param name="captures">The number of captures.</param>
    public static Interval FromUnanimous(bool isOne, int captures)
    {
        var rest = Math.Pow((1 - Confidence) / 2, 1.0 / captures);
        return isOne ? new(rest, 1) : new(0, 1 - rest);
    }

    /// <summary>Gets the same interval about another middle, nowhere below 0.</summary>
    /// <param name="by">What is added to both ends.</param>
    public Interval Shift(double by) => new(Math.Max(0, Low + by), Math.Max(0, High + by));

    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>Formats it as text: <c>[0.861, 0.889]</c>.</summary>
    /// <param name="format">Writes one end.</param>
    public string Format(Func<double, string> format) => $"[{format(Low)}, {format(High)}]";

    sealed class JsonPair : JsonConverter<Interval>
    {
        public override Interval Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<double[]>(ref reader, options) is [var low, var high]
                ? new(low, high)
                : throw new JsonException("an interval is an array of two numbers");

        public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Low);
            writer.WriteNumberValue(value.High);
            writer.WriteEndArray();
        }
    }
}
