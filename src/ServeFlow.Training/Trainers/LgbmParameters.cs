namespace ServeFlow.Training.Trainers;

/// <summary>LightGBM's parameters, chosen for header bits: very many columns of three values each.</summary>
static class LgbmParameters
{
    /// <summary>Rows × columns below which LightGBM's threads wait for each other longer than they work: on 8,000
    /// flows at 5 packets of a busy machine two threads took four times the processor time of one.</summary>
    const long ParallelValues = 1L << 26;

    /// <param name="values">Rows × columns to train on.</param>
    public static string Format(int classes, long values, TrainerOptions options) => string.Join(' ',
        $"objective=multiclass num_class={classes} metric=multi_logloss",
        // Twice LightGBM's usual step: the same scores on held-back captures of home devices with a third of the
        // trees, which serving pays for. The step needs firm leaves: with the usual minimum of 0.001 training
        // diverges on classes of few flows, and early stopping then keeps a handful of rounds.
        "learning_rate=0.2 num_leaves=31 min_data_in_leaf=3 min_sum_hessian_in_leaf=1 lambda_l2=1",
        // Neighbouring bits say much the same: a fifth of the columns a tree is faster and no worse.
        "feature_fraction=0.2 bagging_fraction=0.8 bagging_freq=1",
        // Header bits need 3 bins; sizes and times are served by 63.
        "max_bin=63 min_data_in_bin=3",
        $"seed={options.Seed} deterministic=true force_col_wise=true",
        $"num_threads={(values < ParallelValues ? 1 : options.Threads)} verbosity=-1");
}
