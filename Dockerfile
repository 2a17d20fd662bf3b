# Golden is TypeScript that Node runs as it is: nothing is compiled, and what is reviewed is what runs.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Without devDependencies, and without the install scripts of the rest: none of them is needed to run.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
COPY src ./src
COPY commands ./commands
COPY jobs ./jobs
# Everything above belongs to root: Golden can read itself and not change itself.
USER node
# /healthz, /readyz and /metrics; Slack is reached from inside (Socket Mode).
EXPOSE 9090
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/bin/health.js"]
ENTRYPOINT ["node", "/app/src/golden.ts"]
CMD ["all"]
