using ServeFlow.Models;

namespace ServeFlow.Cascade;

/// <summary>XGBoost's JSON.</summary>
sealed class XgboostFormat : IModelFormat
{
    public string Name => "xgboost";

    public string Extension => ".json";

    public IModelFile Read(byte[] file, string name) => new ForestFile(XgboostJson.Read(file, name), name);
}
