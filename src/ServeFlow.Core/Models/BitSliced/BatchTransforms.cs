using System.Runtime.Intrinsics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Applies <see cref="ScoreTransforms"/> to a batch, a vector of flows at a time. Scores come in as doubles; floats
/// hold what is left once the largest is subtracted. Owned by one worker.
/// </summary>
/// <param name="transform">How scores become probabilities.</param>
/// <param name="outputs">Scores of a flow.</param>
/// <param name="sigmoidScale">What a sigmoid multiplies scores by.</param>
/// <param name="batchSize">The most flows of a batch: a multiple of 8.</param>
sealed class BatchTransforms(ScoreTransform transform, int outputs, double sigmoidScale, int batchSize)
{
    readonly float[] values = new float[outputs * batchSize];

    /// <param name="scores">[outputs × batch size].</param>
    /// <param name="end">Places that hold scores: a multiple of 8.</param>
    /// <param name="places">The position of each flow's scores; one per flow.</param>
    /// <param name="probabilities">[flows × classes].</param>
    public void Apply(ReadOnlySpan<double> scores, int end, ReadOnlySpan<ushort> places, Span<float> probabilities)
    {
        switch (transform)
        {
            case ScoreTransform.Softmax:
                Softmax(scores, end);
                break;
            case ScoreTransform.Sigmoid:
                Sigmoid(scores, end);
                WriteBinary(places, probabilities);
                return;
            case ScoreTransform.SigmoidPerClass:
                Sigmoid(scores, end);
                break;
            default:
                Narrow(scores, end);
                break;
        }

        Normalise(end);
        Write(places, probabilities);
    }

    /// <summary>Gets whether the transform is one that <see cref="ApplyToOne"/> knows: softmax.</summary>
    public bool AppliesToOne => transform == ScoreTransform.Softmax;

    /// <summary>Gives the probabilities of <see cref="Apply"/>, in every bit, for a single flow: a vector holds outputs
    /// instead of flows.</summary>
    /// <param name="scores">[outputs], and room up to a multiple of 8, which is overwritten.</param>
    /// <param name="probabilities">[outputs].</param>
    public void ApplyToOne(Span<double> scores, Span<float> probabilities)
    {
        var largest = scores[0];
        foreach (var score in scores[1..outputs])
        {
            largest = Math.Max(largest, score);
        }

        var places = (outputs + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
        scores[outputs..places].Fill(largest);
        var most = Vector256.Create(largest);
        for (var place = 0; place < places; place += Vector256<float>.Count)
        {
            var low = Vector256.Create(scores[place..]);
            var high = Vector256.Create(scores[(place + Vector256<double>.Count)..]);
            Vector256.Exp(Vector256.Narrow(low - most, high - most)).CopyTo(values.AsSpan(place));
        }

        var powers = values.AsSpan(0, outputs);
        var sum = 0f;
        foreach (var power in powers)
        {
            sum += power;
        }

        for (var output = 0; output < powers.Length; output++)
        {
            probabilities[output] = powers[output] / sum;
        }
    }

    void Softmax(ReadOnlySpan<double> scores, int end)
    {
        for (var place = 0; place < end; place += Vector256<float>.Count)
        {
            var (mostLow, mostHigh) = At(scores, 0, place);
            for (var output = 1; output < outputs; output++)
            {
                var (low, high) = At(scores, output, place);
                (mostLow, mostHigh) = (Vector256.Max(mostLow, low), Vector256.Max(mostHigh, high));
            }

            for (var output = 0; output < outputs; output++)
            {
                var (low, high) = At(scores, output, place);
                Vector256.Exp(Vector256.Narrow(low - mostLow, high - mostHigh)).CopyTo(Values(output, place));
            }
        }
    }

    void Sigmoid(ReadOnlySpan<double> scores, int end)
    {
        var scale = Vector256.Create(-sigmoidScale);
        for (var output = 0; output < outputs; output++)
        {
            for (var place = 0; place < end; place += Vector256<float>.Count)
            {
                var (low, high) = At(scores, output, place);
                var power = Vector256.Exp(Vector256.Narrow(low * scale, high * scale));
                (Vector256<float>.One / (Vector256<float>.One + power)).CopyTo(Values(output, place));
            }
        }
    }

    void Narrow(ReadOnlySpan<double> scores, int end)
    {
        for (var output = 0; output < outputs; output++)
        {
            for (var place = 0; place < end; place += Vector256<float>.Count)
            {
                var (low, high) = At(scores, output, place);
                Vector256.Narrow(low, high).CopyTo(Values(output, place));
            }
        }
    }

    void Normalise(int end)
    {
        var equal = Vector256.Create(1f / outputs);
        for (var place = 0; place < end; place += Vector256<float>.Count)
        {
            var sum = Vector256<float>.Zero;
            for (var output = 0; output < outputs; output++)
            {
                sum += Vector256.Create(Values(output, place));
            }

            // As ScoreTransforms: where every class came to zero, nothing is known.
            var isKnown = Vector256.GreaterThan(sum, Vector256<float>.Zero);
            for (var output = 0; output < outputs; output++)
            {
                var share = Vector256.Create(Values(output, place)) / sum;
                Vector256.ConditionalSelect(isKnown, share, equal).CopyTo(Values(output, place));
            }
        }
    }

    void WriteBinary(ReadOnlySpan<ushort> places, Span<float> probabilities)
    {
        for (var flow = 0; flow < places.Length; flow++)
        {
            probabilities[2 * flow] = 1 - values[places[flow]];
            probabilities[(2 * flow) + 1] = values[places[flow]];
        }
    }

    void Write(ReadOnlySpan<ushort> places, Span<float> probabilities)
    {
        for (var flow = 0; flow < places.Length; flow++)
        {
            var row = probabilities.Slice(flow * outputs, outputs);
            for (var output = 0; output < row.Length; output++)
            {
                row[output] = values[(output * batchSize) + places[flow]];
            }
        }
    }

    Span<float> Values(int output, int place) =>
        values.AsSpan((output * batchSize) + place, Vector256<float>.Count);

    (Vector256<double> Low, Vector256<double> High) At(ReadOnlySpan<double> scores, int output, int place)
    {
        var from = scores.Slice((output * batchSize) + place, 2 * Vector256<double>.Count);
        return (Vector256.Create(from), Vector256.Create(from[Vector256<double>.Count..]));
    }
}
