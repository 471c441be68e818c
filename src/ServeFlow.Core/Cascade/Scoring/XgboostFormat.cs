using ServeFlow.Models;

namespace ServeFlow.Cascade.Scoring;

/// <summary>XGBoost's JSON.</summary>
sealed class XgboostFormat : IModelFormat
{
    public string Name => "xgboost";

    public string Extension => ".json";

    public bool MatchesStart(ReadOnlySpan<byte> file) => file.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    public IModelFile Read(byte[] file, string name) => new ForestFile(XgboostJson.Read(file, name), name);
}
