using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Reads the answer of a server: JSON, and perhaps numbers behind it in binary.</summary>
static class InferenceAnswer
{
    /// <summary>Reads the rows of the output that was asked for.</summary>
    /// <param name="body">The whole answer.</param>
    /// <param name="jsonLength">How much of it is JSON.</param>
    /// <param name="values">Receives [rows × classes], row-major.</param>
    /// <exception cref="RefusalException">It is no such answer.</exception>
    public static void Read(ReadOnlyMemory<byte> body, int jsonLength, InferenceModel model, Span<float> values)
    {
        try
        {
            using var document = JsonDocument.Parse(body[..jsonLength]);
            CheckModel(document.RootElement, model);
            ReadOutput(document.RootElement.GetProperty("outputs"), body.Span[jsonLength..], model, values);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new RefusalException($"its answer is not that of the Open Inference Protocol: {e.Message}");
        }
    }

    /// <summary>Checks that each number is one.</summary>
    public static void CheckFinite(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new RefusalException($"its answer holds {value}");
            }
        }
    }

    static void CheckModel(JsonElement answer, InferenceModel model) =>
        model.CheckAnswer(answer.TryGetProperty("parameters", out var parameters)
            && parameters.TryGetProperty("sha256", out var sha) ? sha.GetString() : null);

    static void ReadOutput(JsonElement outputs, ReadOnlySpan<byte> binary, InferenceModel model, Span<float> values)
    {
        var at = 0L;
        foreach (var output in outputs.EnumerateArray())
        {
            var size = BinarySize(output);
            if (output.GetProperty("name").GetString() != model.Output)
            {
                Require(size is null || (size >= 0 && size <= binary.Length - at),
                    "its answer has a wrong binary_data_size");
                at += size ?? 0;
                continue;
            }

            CheckShape(output, values.Length / model.Classes, model.Classes);
            if (size is { } length)
            {
                Require(length == values.Length * (long)sizeof(float) && at + length <= binary.Length,
                    $"its answer has {length} bytes of numbers, and {values.Length * sizeof(float)} are needed");
                MemoryMarshal.Cast<byte, float>(binary.Slice((int)at, (int)length)).CopyTo(values);
                return;
            }

            ReadNumbers(output.GetProperty("data"), values);
            return;
        }

        throw new RefusalException($"its answer has no output '{model.Output}'");
    }

    static void CheckShape(JsonElement output, int rows, int classes)
    {
        var shape = output.GetProperty("shape");
        Require(output.GetProperty("datatype").GetString() == "FP32"
            && shape.EnumerateArray().Select(size => size.GetInt64()).SequenceEqual([rows, classes]),
            $"its answer has the shape {InputException.Quote(shape.GetRawText())}, and FP32 with [{rows}, {classes}] "
            + "is needed");
    }

    static void ReadNumbers(JsonElement data, Span<float> values)
    {
        var count = 0;
        foreach (var item in data.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Array)
            {
                Put(item, values, ref count);
                continue;
            }

            foreach (var number in item.EnumerateArray())
            {
                Put(number, values, ref count);
            }
        }

        Require(count == values.Length, $"its answer has {count} numbers, and {values.Length} are needed");
    }

    static void Put(JsonElement number, Span<float> values, ref int count)
    {
        if (count >= values.Length)
        {
            throw new RefusalException($"its answer has more than {values.Length} numbers");
        }

        values[count++] = number.GetSingle();
    }

    static long? BinarySize(JsonElement output) => output.TryGetProperty("parameters", out var parameters)
        && parameters.TryGetProperty("binary_data_size", out var size) ? size.GetInt64() : null;

    static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new RefusalException(problem);
        }
    }
}
