/**
 * Slack's `data_visualization` block, which `@slack/types` does not know yet. Messages take it, at most two of them; modals
 * and the Home tab do not. https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
export interface ChartBlock {
  readonly type: 'data_visualization';
  readonly block_id?: string;
  /** At most 50 characters. */
  readonly title: string;
  readonly chart: {
    readonly type: 'bar' | 'line';
    /** 1 to 6; their names differ and have at most 20 characters. */
    readonly series: readonly ChartSeries[];
    readonly axis_config: {
      /** 1 to 20 of at most 20 characters. */
      readonly categories: readonly string[];
      /** At most 50 characters, as is `y_label`. */
      readonly x_label?: string;
      readonly y_label?: string;
    };
  };
}

/** One line, or one colour of bars: exactly one point for each category. */
export interface ChartSeries {
  readonly name: string;
  readonly data: readonly { readonly label: string; readonly value: number }[];
}

/** Slack's limits of a chart. */
export const CHART = { series: 6, points: 20, label: 20, title: 50 } as const;
