using System.Runtime.Intrinsics;

namespace ServeFlow.Models.BitSliced;

/// <summary>What <see cref="ScoreTransforms"/> does for one flow, for a batch, a vector of flows at a time.</summary>
static class BatchTransforms
{
    const int BatchSize = BitSlicedForest.BatchSize;

    /// <param name="scores">[outputs × 512]; overwritten.</param>
    /// <param name="probabilities">[count × classes].</param>
    public static void Apply(BitSlicedForest forest, Span<float> scores, int count, Span<float> probabilities)
    {
        switch (forest.Transform)
        {
            case ScoreTransform.Softmax:
                Softmax(scores, forest.Outputs, count);
                break;
            case ScoreTransform.SigmoidPerClass:
                Sigmoid(scores, forest.Outputs, count, (float)forest.SigmoidScale);
                Normalise(scores, forest.Outputs, count);
                break;
            case ScoreTransform.Sigmoid:
                Sigmoid(scores, 1, count, (float)forest.SigmoidScale);
                WriteBinary(scores, count, probabilities);
                return;
            default:
                Normalise(scores, forest.Outputs, count);
                break;
        }

        Transpose(scores, forest.Outputs, count, probabilities);
    }

    static void Softmax(Span<float> scores, int outputs, int count)
    {
        for (var flow = 0; flow < count; flow += Vector256<float>.Count)
        {
            var most = Vector256.Create(float.NegativeInfinity);
            for (var output = 0; output < outputs; output++)
            {
                most = Vector256.Max(most, At(scores, output, flow));
            }

            for (var output = 0; output < outputs; output++)
            {
                Vector256.Exp(At(scores, output, flow) - most).CopyTo(scores[((output * BatchSize) + flow)..]);
            }
        }

        Normalise(scores, outputs, count);
    }

    static void Normalise(Span<float> scores, int outputs, int count)
    {
        for (var flow = 0; flow < count; flow += Vector256<float>.Count)
        {
            var sum = Vector256<float>.Zero;
            for (var output = 0; output < outputs; output++)
            {
                sum += At(scores, output, flow);
            }

            // As ScoreTransforms: where every class came to zero, nothing is known.
            var isKnown = Vector256.GreaterThan(sum, Vector256<float>.Zero);
            var equal = Vector256.Create(1f / outputs);
            for (var output = 0; output < outputs; output++)
            {
                Vector256.ConditionalSelect(isKnown, At(scores, output, flow) / sum, equal)
                    .CopyTo(scores[((output * BatchSize) + flow)..]);
            }
        }
    }

    static void Sigmoid(Span<float> scores, int outputs, int count, float scale)
    {
        for (var output = 0; output < outputs; output++)
        {
            for (var flow = 0; flow < count; flow += Vector256<float>.Count)
            {
                (Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(At(scores, output, flow) * -scale)))
                    .CopyTo(scores[((output * BatchSize) + flow)..]);
            }
        }
    }

    static void WriteBinary(ReadOnlySpan<float> scores, int count, Span<float> probabilities)
    {
        for (var flow = 0; flow < count; flow++)
        {
            probabilities[2 * flow] = 1 - scores[flow];
            probabilities[(2 * flow) + 1] = scores[flow];
        }
    }

    static void Transpose(ReadOnlySpan<float> scores, int outputs, int count, Span<float> probabilities)
    {
        for (var flow = 0; flow < count; flow++)
        {
            for (var output = 0; output < outputs; output++)
            {
                probabilities[(flow * outputs) + output] = scores[(output * BatchSize) + flow];
            }
        }
    }

    static Vector256<float> At(ReadOnlySpan<float> scores, int output, int flow) =>
        Vector256.Create(scores.Slice((output * BatchSize) + flow, Vector256<float>.Count));
}
