namespace ServeFlow.Cascade.Scoring;

/// <summary>Names files of models that are not read, by their first bytes, for messages.</summary>
static class ForeignModel
{
    public const string Remedy = "save the model with LightGBM's Booster.save_model('model.txt'), XGBoost's "
        + "save_model('model.json'), or as one ONNX file";

    /// <summary>Names the format, with <c>, </c> behind it; empty where it is not known.</summary>
    public static string Name(ReadOnlySpan<byte> begin) => begin switch
    {
        [] => "empty, ",
        [0x80, >= 2 and <= 5, ..] => "a Python pickle, ",
        [(byte)'P', (byte)'K', 3, 4, ..] => "a ZIP archive, as PyTorch, Keras and NumPy write, ",
        [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file, as Keras writes, ",
        [(byte)'C', (byte)'B', (byte)'M', (byte)'1', ..] => "a CatBoost model, ",
        [_, _, _, _, (byte)'T', (byte)'F', (byte)'L', (byte)'3', ..] => "a TensorFlow Lite model, ",
        [0x1f, 0x8b, ..] or [0x78, 0x9c or 0xda or 0x01, ..] => "a compressed file, ",
        [(byte)'<', ..] => "XML, ",
        [(byte)'b', (byte)'i', (byte)'n', (byte)'f', ..] => "XGBoost's old binary format, ",
        _ when begin.StartsWith("booster["u8) || begin.StartsWith("[\n"u8) || begin.StartsWith("[{"u8)
            || begin.StartsWith("[ "u8) => "a dump of XGBoost, which leaves out the objective, ",
        _ => "",
    };
}
