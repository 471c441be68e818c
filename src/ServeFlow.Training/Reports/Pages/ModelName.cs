namespace ServeFlow.Training.Reports.Pages;

/// <summary>Kinds of models as readers know them.</summary>
static class ModelName
{
    public static string From(string kind) => kind switch
    {
        "dt" => "decision tree",
        "rf" => "random forest",
        "et" => "extra trees",
        "lgbm" => "LightGBM",
        "xgb" or "xgboost" => "XGBoost",
        "onnx" => "ONNX",
        _ => kind,
    };
}
