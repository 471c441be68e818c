using System.Text.Json;

namespace ServeFlow.Models;

/// <summary>
/// XGBoost's JSON (<c>save_model("model.json")</c>), as a <see cref="Forest"/> that gives what XGBoost's own
/// <c>predict_proba</c> gives. What is read is validated completely before anything scores with it.
/// See docs/formats/xgboost-json.md.
/// </summary>
public static class XgboostJson
{
    /// <summary>
    /// Limits the file's size: beyond what anyone trains (500 rounds of 20 classes, 64 leaves: 200 MB), and it bounds
    /// memory.
    /// </summary>
    const int MaxBytes = 1 << 29;

    /// <param name="json">The whole file.</param>
    /// <param name="name">What errors call the model: its path.</param>
    /// <exception cref="InputException">It is no such model, a damaged one, or one that uses what is not supported
    /// (dart, gblinear, categorical splits, other objectives, a <c>missing</c> value).</exception>
    public static Forest Read(ReadOnlySpan<byte> json, string name)
    {
        if (json.Length > MaxBytes)
        {
            throw new InputException($"{name}: {json.Length} bytes are more than a model may have ({MaxBytes})");
        }

        var forest = new XgboostReader(Parse(json, name), name).Read();
        ForestCheck.Verify(forest, name);
        return forest;
    }

    /// <summary>Other tools' JSON begins with '{' too: the remedy is that of the tool it comes from.</summary>
    static string Remedy(ReadOnlySpan<byte> json)
    {
        var begin = json[..Math.Min(json.Length, 200)];
        return begin.IndexOf("\"name\""u8) >= 0 && begin.IndexOf("\"tree\""u8) >= 0
            ? "it looks like LightGBM's dump_model: save the model with Booster.save_model('model.txt')"
            : begin is [(byte)'{', (byte)'L' or (byte)'i' or (byte)'U', ..]
                ? "it looks like XGBoost's UBJSON: save the model with save_model('model.json')"
                : "save the model with save_model('model.json')";
    }

    static XgboostLearner Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(json, XgboostContext.Default.XgboostDocument)?.Learner
                ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            var field = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" field {e.Path[2..]}:";
            throw new InputException($"{name}:{field} not XGBoost's JSON ({e.Reason}); {Remedy(json)}", e);
        }
    }
}
