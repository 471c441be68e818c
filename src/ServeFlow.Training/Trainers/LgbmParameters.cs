namespace ServeFlow.Training.Trainers;

/// <summary>LightGBM's parameters, chosen for header bits: very many columns of three values each.</summary>
static class LgbmParameters
{
    public static string Of(int classes, TrainerOptions options) => string.Join(' ',
        $"objective=multiclass num_class={classes} metric=multi_logloss",
        "learning_rate=0.1 num_leaves=31 min_data_in_leaf=5 min_sum_hessian_in_leaf=0.001 lambda_l2=1",
        // Neighbouring bits say much the same: a fifth of the columns a tree is faster and no worse.
        "feature_fraction=0.2 bagging_fraction=0.8 bagging_freq=1",
        // Header bits need 3 bins; sizes and times are served by 63.
        "max_bin=63 min_data_in_bin=3",
        $"seed={options.Seed} deterministic=true force_col_wise=true",
        $"num_threads={options.Threads} verbosity=-1");
}
